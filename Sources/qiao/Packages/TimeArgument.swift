import ArgumentParser
import Foundation

/// A moment on the command line: RFC 3339 with a time zone, or a date, which is its first moment in UTC.
struct TimeArgument: ExpressibleByArgument {
    /// Seconds since 1970.
    let seconds: Int64

    init?(argument: String) {
        let isDate = argument.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil
        let text = isDate ? argument + "T00:00:00Z" : argument
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        seconds = Int64(date.timeIntervalSince1970)
    }

    /// The moment, or now.
    static func orNow(_ time: TimeArgument?) -> Int64 {
        time?.seconds ?? Int64(Date().timeIntervalSince1970)
    }

    /// RFC 3339 in UTC.
    static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
