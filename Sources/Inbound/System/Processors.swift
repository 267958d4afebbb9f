import Glibc

/// The processors of the machine that this process may run on.
public enum Processors {
    /// How many there are, at least one. `taskset` and `AllowedCPUs=` of a service take some away, which what the system
    /// says of all processors does not tell.
    public static let count = allowed(status())

    /// Counts the bits of `Cpus_allowed:`, words of hexadecimal digits with commas between them (proc(5)).
    static func allowed(_ status: [UInt8]) -> Int {
        let lines = status.split(separator: UInt8(ascii: "\n"))
        let mask = lines.first { $0.starts(with: "Cpus_allowed:".utf8) } ?? []
        let digits = mask.drop { $0 != UInt8(ascii: ":") }.compactMap(FilingHash.value(ofDigit:))
        return max(1, digits.reduce(0) { $0 + $1.nonzeroBitCount })
    }

    // The line stands within the first kilobytes.
    private static func status() -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(Errno) {
            let file = try Kernel.open(KernelPath("/proc/self/status"), O_RDONLY)
            try Kernel.append(file, to: &bytes, count: 16 << 10, at: 0)
        } catch {}
        return bytes
    }
}
