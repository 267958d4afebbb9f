import Inbound
import Logging
import ServiceLifecycle

/// A part of the gateway that runs until its task is cancelled, as a service that a graceful shutdown cancels.
struct PartService: Service {
    let name: String
    let work: @Sendable () async -> Void

    init(name: String, run work: @escaping @Sendable () async -> Void) {
        self.name = name
        self.work = work
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await work() }
    }
}

/// Keeps committing until everyone above has finished, then commits what is left.
struct CommitterService: Service {
    let committer: Committer

    func run() async throws {
        await withGracefulShutdownHandler {
            await committer.run()
        } onGracefulShutdown: {
            committer.finish()
        }
    }
}

extension Logger {
    /// The same logger for libraries that talk about themselves: their information is our debugging.
    var quieter: Logger {
        var logger = self
        logger.logLevel = max(.warning, logLevel)
        return logger
    }

    /// Writes a notice of an inbound folder.
    func log(_ notice: InboundNotice) {
        var metadata: Logger.Metadata = ["code": "\(notice.code)"]
        if let file = notice.file { metadata["file"] = "\(file)" }
        if let detail = notice.detail { metadata["detail"] = "\(detail)" }
        let level: Logger.Level =
            switch notice.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        log(level: level, "\(notice.message)", metadata: metadata)
    }
}
