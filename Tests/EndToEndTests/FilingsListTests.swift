import Foundation
import Testing

/// `qiao filings`: names as long as file systems take them, for people and for programs.
@Suite struct FilingsListTests {
    @Test func longNamesAreCutForTerminalsOnly() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        // 255 bytes.
        let name = "王鲁镇" + String(repeating: "网格员", count: 26) + "名册12.csv"
        try setup.drop(Forms.roster([1, 2]), as: name, into: "roster")
        try setup.drop(Forms.roster([3]), as: "short.csv", into: "roster")
        try await eventually("both were answered") { setup.receipts("roster").count == 2 }
        try await gateway.end()

        let command = "\(Program.path("qiao")) filings --config \(folder.url.path)/qiao.yaml"
        func lines(_ script: String) async throws -> [String] {
            let ended = try await run("/bin/sh", ["-c", script])
            #expect(ended.exitCode == 0, "\(ended.errors)")
            // A terminal ends its lines with both.
            return String(decoding: ended.output, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        }
        // `script` gives it a terminal.
        func shown(_ columns: Int, _ options: String = "") async throws -> [String] {
            try await lines("script -qec 'stty cols \(columns); \(command) \(options)' /dev/null < /dev/null")
        }
        let narrow = try await shown(120)
        let line = try #require(narrow.first { $0.contains("王鲁镇") })
        // Both cuts may come in the middle of a character that is two cells wide.
        #expect((118...120).contains(cells(narrow[0])))
        #expect(line.contains("…") && line.contains("12.csv  accepted"))
        #expect(narrow.first { $0.contains("short.csv") }?.contains("short.csv  ") == true)
        // Where there is no room at all, enough is left to know the name by.
        #expect(try await shown(40).contains { $0.contains("王鲁镇") && $0.contains("2.csv  accepted") })
        #expect(try await shown(600).contains { $0.contains(name) })
        #expect(try await lines(command).contains { $0.contains(name) })
        #expect(try await shown(120, "--json").contains { $0.contains(name) })
    }

    // Han characters are two cells wide.
    private func cells(_ line: String) -> Int {
        line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
    }
}
