import ByteIO
import Synchronization

/// What was found out about files, so that a save need not read all of them again.
///
/// What is known of a file counts only while the file is what it was.
final class VerifiedFiles: Sendable {
    private struct Finding {
        let status: FileStatus
        let verification: CheckpointDirectory.Verification
        let isWhole: Bool
    }

    private let findings = Lock<[String: Finding]>([:])

    /// Whether a file is whole; nil when that is not known.
    func isWhole(
        _ file: CheckpointFile, _ verification: CheckpointDirectory.Verification
    ) -> Bool? {
        findings.withLock { findings in
            guard let finding = findings[file.text], finding.status == file.status,
                finding.verification == verification
            else { return nil }
            return finding.isWhole
        }
    }

    /// Notes what was found out about a file that was looked at when it had `file.status`.
    func note(
        _ isWhole: Bool, _ file: CheckpointFile,
        _ verification: CheckpointDirectory.Verification
    ) {
        // A file that changed meanwhile may have been read in either state.
        guard (try? file.path.fileStatus()) == file.status else { return }
        findings.withLock {
            $0[file.text] = Finding(
                status: file.status, verification: verification, isWhole: isWhole)
        }
    }

    /// Forgets a file.
    func forget(_ file: CheckpointFile) {
        findings.withLock { $0[file.text] = nil }
    }
}
