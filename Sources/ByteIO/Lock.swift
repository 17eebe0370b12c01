#if CHECK_THREADS
    import Glibc

    /// What ``Lock`` is for ThreadSanitizer, which sees what a lock of the system orders, and not what
    /// Swift's does when threads wait for it: that is in a library built without it.
    @safe
    package final class Lock<Value>: @unchecked Sendable {
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private var value: Value

        package init(_ value: Value) {
            self.value = value
            unsafe pthread_mutex_init(mutex, nil)
        }

        deinit {
            unsafe pthread_mutex_destroy(mutex)
            unsafe mutex.deallocate()
        }

        package func withLock<Result, Failure: Error>(
            _ body: (inout Value) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            unsafe pthread_mutex_lock(mutex)
            defer { unsafe pthread_mutex_unlock(mutex) }
            return try body(&value)
        }
    }
#else
    package import Synchronization

    /// A lock with what it guards.
    package typealias Lock<Value: ~Copyable> = Mutex<Value>
#endif
