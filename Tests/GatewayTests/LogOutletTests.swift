import Foundation
import Testing

@testable import Gateway

@Suite struct LogOutletTests {
    private let pipe = Pipe()

    private func outlet() -> LogOutlet {
        LogOutlet(descriptor: pipe.fileHandleForWriting.fileDescriptor, patience: .zero) { "\($0) dropped" }
    }

    // What lies in the pipe now.
    private func read() -> String { String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self) }

    @Test func linesAreWrittenInOrder() {
        let outlet = outlet()
        for number in 1...3 { outlet.write("\(number)") }
        #expect(read() == "1\n2\n3\n")
    }

    /// Writing more than a pipe holds would never return.
    @Test(.timeLimit(.minutes(1))) func whatNobodyReadsIsDroppedAndToldOf() {
        let outlet = outlet()
        let line = String(repeating: "x", count: 999)
        for _ in 1...1000 { outlet.write(line) }
        var kept = read()
        outlet.write("again")
        outlet.write("and again")
        while !kept.hasSuffix("and again\n") { kept += read() }
        let lines = kept.split(separator: "\n")
        let whole = lines.filter { $0 == line }.count
        #expect(whole > 10 && whole < 1000)
        #expect(lines.suffix(3) == ["\(1000 - whole) dropped", "again", "and again"])
    }

    @Test(.timeLimit(.minutes(1))) func lineThatWasCutIsEnded() {
        let outlet = outlet()
        outlet.write(String(repeating: "x", count: 1_000_000))
        var kept = read()
        outlet.write("next")
        while !kept.hasSuffix("next\n") { kept += read() }
        let lines = kept.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first?.allSatisfy { $0 == "x" } == true)
        #expect(lines.suffix(2) == ["1 dropped", "next"])
    }

    /// What was told of once is not told of again.
    @Test(.timeLimit(.minutes(1))) func linesThatWereDroppedAreCountedOnce() {
        let outlet = outlet()
        let line = String(repeating: "x", count: 999)
        for _ in 1...1000 { outlet.write(line) }
        var kept = read()
        outlet.write(String(repeating: "y", count: 1_000_000))
        kept += read()
        outlet.write("next")
        while !kept.hasSuffix("next\n") { kept += read() }
        #expect(kept.split(separator: "\n").suffix(2) == ["1 dropped", "next"])
    }

    @Test(.timeLimit(.minutes(1))) func readerThatHasGoneHoldsUpNobody() throws {
        let full = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
        let outlet = LogOutlet(descriptor: full.fileDescriptor) { "\($0) dropped" }
        for _ in 1...10 { outlet.write("x") }
        LogOutlet(descriptor: -1) { "\($0) dropped" }.write("x")
    }
}
