import Foundation
import Testing

/// Names of files are bytes to every command that takes them: those of a Windows share are GBK.
@Suite struct FileNameTests {
    /// Runs a script in a folder with a roster, mappings and what samples of packages need; `$gbk` is 姓名 in GBK, and `$q` is
    /// the program.
    private func script(_ text: String) async throws -> Ended {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        try folder.write(Forms.roster([1, 2]), to: "roster.csv")
        let program = Program.path("qiao")
        let samples = Program.repository.path + "/samples"
        return try await run(
            "/bin/sh",
            ["-ec", "q=\(program); samples=\(samples); gbk=$(printf '\\320\\325\\303\\373')\n" + text],
            in: setup.root)
    }

    @Test func mappingExplain() async throws {
        let ended = try await script("cp roster.csv $gbk.csv; $q mapping explain $gbk.csv --mappings mappings --row 1")
        #expect(ended.exitCode == 0, "\(ended.errors)")
        #expect(ended.lines.first?.hasPrefix("姓名.csv with test.roster") == true)
    }

    @Test func mappingDraftAndAMappingFile() async throws {
        let ended = try await script(
            """
            cp roster.csv $gbk.csv; $q mapping draft $gbk.csv -o $gbk.yaml
            $q convert $gbk.csv --mapping $gbk.yaml -o $gbk.jsonl --findings $gbk-f.csv
            cat $gbk.jsonl; test -f $gbk-f.csv
            """)
        #expect(ended.exitCode == 0, "\(ended.errors)")
        #expect(ended.errors.contains("姓名.csv: drafted 姓名.yaml"))
        #expect(ended.lines.count == 2)
    }

    @Test func records() async throws {
        let ended = try await script(
            """
            $q convert roster.csv --mappings mappings --to protobuf -o $gbk.binpb; $q records $gbk.binpb
            $q records $gbk.none
            """)
        #expect(ended.exitCode == 74)
        #expect(ended.lines.count == 2)
        #expect(ended.errors.contains("姓名.none cannot be read: No such file"), "\(ended.errors)")
    }

    @Test func packages() async throws {
        let ended = try await script(
            """
            cp $samples/pki/keys/yutai-signer.key $gbk.key; cp $samples/pki/certs/yutai-signer.crt $gbk.crt
            cp $samples/pki/certs/test-root.crt $gbk-root.crt; cp $samples/pki/certs/test-ca.crt $gbk-ca.crt
            cp roster.csv $gbk.csv
            sign="--key $gbk.key --certificate $gbk.crt --chain $gbk-ca.crt"
            $q package create $gbk.csv --kind cms-detached $sign
            $q package create $gbk.csv --kind asic-e $sign -o $gbk.asice
            $q package inspect $gbk.csv.p7s
            for package in $gbk.csv.p7s $gbk.asice; do
              $q package verify $package --trust $gbk-root.crt
              $q convert $package --trust $gbk-root.crt --mappings mappings
            done
            $q package verify $gbk.csv.p7s --content $gbk.csv --trust $gbk-root.crt --json
            $q trust list --trust $gbk-root.crt
            """)
        #expect(ended.exitCode == 0, "\(ended.errors)")
        let text = String(decoding: ended.output, as: UTF8.self)
        #expect(text.contains("NOT VERIFIED 未验证 姓名.csv.p7s"))
        #expect(text.contains("\"file\":\"姓名.csv.p7s\""))
        #expect(ended.lines.filter { $0.contains("\"document\":\"姓名.csv") }.count == 4)
        #expect(ended.errors.contains("姓名.asice: asic-e, "))
    }

    /// What is text by its nature is refused where it is none, and nothing is made of it.
    @Test(arguments: [
        "convert roster.csv --source $gbk --mappings mappings", "check --config $gbk", "check --mappings $gbk",
    ])
    func textThatIsNoneIsRefused(command: String) async throws {
        let ended = try await script("$q \(command)")
        #expect(ended.exitCode == 64)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.contains("must be UTF-8"), "\(ended.errors)")
    }

    /// The characters that stand for bytes on their way may be in a name, too.
    @Test func privateCharactersAreOnlyCharacters() async throws {
        let name = "\u{10FFD0}\u{10FF80}.csv"
        let ended = try await script("cp roster.csv '\(name)'; $q convert '\(name)' --mappings mappings")
        #expect(ended.exitCode == 0, "\(ended.errors)")
        #expect(ended.lines.first?.contains("\"document\":\"\(name)\"") == true)
    }
}
