import Foundation
import Glibc
import Mappings
import Testing

@testable import Gateway

@Suite struct IdentityKeyFileTests {
    let folder: TemporaryFolder
    var state: StateFolder { StateFolder(path: folder.path) }

    init() throws { folder = try TemporaryFolder() }

    @Test func keyIsMadeOnceAndKept() throws {
        #expect(IdentityKeyFile.existing(in: folder.path) == nil)
        let made = try IdentityKeyFile.loadOrMake(in: state)
        let text = try folder.text("identity.key")
        #expect(text.wholeMatch(of: /[0-9a-f]{32}\n/) != nil)
        #expect(try IdentityKeyFile.loadOrMake(in: state) == made)
        #expect(IdentityKeyFile.existing(in: folder.path) == made)
        #expect(try folder.text("identity.key") == text)
        #expect(!folder.exists("identity.key.tmp"))
    }

    @Test func keyIsForTheOwnerOnly() throws {
        _ = try IdentityKeyFile.loadOrMake(in: state)
        let attributes = try FileManager.default.attributesOfItem(atPath: state.identityKey)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func twoFoldersHaveDifferentKeys() throws {
        let other = try TemporaryFolder()
        #expect(
            try IdentityKeyFile.loadOrMake(in: state)
                != IdentityKeyFile.loadOrMake(in: StateFolder(path: other.path)))
    }

    @Test(arguments: ["", "\n", "\r\n", " \n"]) func lineEndAfterTheKeyMakesNoDifference(_ end: String) throws {
        try folder.write("00112233445566778899aabbCCDDEEFF" + end, to: "identity.key")
        let expected = IdentityKey((0..<16).map { UInt8($0 * 0x11) })
        #expect(try IdentityKeyFile.loadOrMake(in: state) == expected)
    }

    @Test(arguments: [
        ("empty", ""), ("31 digits", String(repeating: "a", count: 31) + "\n"),
        ("33 digits", String(repeating: "a", count: 33)), ("64 digits", String(repeating: "a", count: 64)),
        ("not hexadecimal", String(repeating: "g", count: 32)),
        ("blanks within", String(repeating: "a", count: 16) + " " + String(repeating: "a", count: 15)),
        ("longer than any key", String(repeating: "a", count: 100)),
    ])
    func wrongContentIsRefusedAndNeverReplaced(_ name: String, _ content: String) throws {
        try folder.write(content, to: "identity.key")
        #expect(IdentityKeyFile.existing(in: folder.path) == nil)
        let error = #expect(throws: GatewayError.self) { try IdentityKeyFile.loadOrMake(in: state) }
        #expect(error?.code == .folder)
        #expect(error?.message.contains("must hold 32 hexadecimal digits") == true)
        #expect(try folder.text("identity.key") == content)
    }

    @Test func keyThatIsMissingBesideAJournalWithRecordsIsNotReplaced() {
        let error = #expect(throws: GatewayError.self) { try IdentityKeyFile.loadOrMake(in: state, isInUse: true) }
        #expect(error?.message.contains("put the backed-up key there") == true)
        #expect(!folder.exists("identity.key"))
    }

    @Test func keyThatCannotBeWrittenIsAnError() {
        let error = #expect(throws: GatewayError.self) {
            try IdentityKeyFile.loadOrMake(in: StateFolder(path: folder.path + "/none"))
        }
        #expect(error?.code == .folder)
        #expect(error?.errno == ENOENT)
    }
}
