#if !canImport(Darwin)
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    /// Threads that help the calling one, as many as are to be had, for the time of one call.
    ///
    /// Dispatch waits until there are some, which is for ever in a process that may have no more.
    enum Helpers {
        /// Calls `body` on this thread, and on others at the same time, `count` at most in all.
        static func perform(count: Int, _ body: () -> Void) {
            withoutActuallyEscaping(body) { body in
                let work = Work(body)
                var threads: [pthread_t] = []
                while threads.count < count - 1, let thread = start(work) { threads.append(thread) }
                body()
                for thread in threads {
                    pthread_join(thread, nil)
                    running.subtract(1, ordering: .relaxed)
                }
            }
        }

        // What helps for one call may itself call for help, and cores do not multiply.
        private static let running = Atomic(0)

        private static let coreCount = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)

        /// A thread that does the work; nil when there are enough, or none is to be had.
        private static func start(_ work: Work) -> pthread_t? {
            guard running.add(1, ordering: .relaxed).newValue < coreCount else {
                running.subtract(1, ordering: .relaxed)
                return nil
            }
            let context = unsafe Unmanaged.passRetained(work)
            var thread = pthread_t()
            let outcome = unsafe pthread_create(
                &thread, nil,
                { context in
                    if let context = unsafe context {
                        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                    }
                    return nil
                }, context.toOpaque())
            if outcome == 0 { return thread }
            unsafe context.release()
            running.subtract(1, ordering: .relaxed)
            return nil
        }

        @safe
        private final class Work: @unchecked Sendable {
            let body: () -> Void
            init(_ body: @escaping () -> Void) { self.body = body }
        }
    }
#endif
