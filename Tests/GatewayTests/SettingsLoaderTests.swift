import Inbound
import Mappings
import Testing

@testable import Gateway

@Suite struct SettingsLoaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func load(
        _ yaml: String, environment: [String: String] = [:], flags: [String: String] = [:]
    ) async throws -> SettingsLoad {
        try folder.write(yaml, to: "qiao.yaml")
        return await SettingsLoader(file: folder.path + "/qiao.yaml", environment: environment, flags: flags).load()
    }

    private func told(_ load: SettingsLoad) -> [String] {
        load.problems.map { $0.description.replacing(folder.path + "/", with: "") }
    }

    static let full = """
        state: /var/lib/qiao
        mappings: /etc/qiao/forms/
        log:
          level: debug
          format: json
        limits:
          filing-size: 1GiB
          record-size: 512KiB
          field-size: 65536
          csv-columns: 100
          xml-depth: 50
          xml-attributes: 20
          findings: 500
          free-space: 1 GiB
          backlog: 1000
        sources:
          yutai-liangzhang:
            inbound: /srv/drop/liangzhang
            completion: marker
            mappings: [yutai.liangzhang-roster, yutai.other]
            receipts: /srv/receipts
            area-code: "370827"
          appeals:
            completion: stable
            stable-for: 2m
            mappings: yutai.yukuaiban-cases
        routes:
          lake:
            exporter: [qiao-export-jsonl, --output, /srv/out]
            sources: [appeals]
            records: [Case]
            sensitive: hash
            on-reject: stop
            start: end
            window: 100
            settings:
              endpoint: https://example.test
              batch: 50
        """

    @Test func everySettingOfAFullFileIsRead() async throws {
        let load = try await load(Self.full)
        #expect(told(load) == [])
        let settings = try #require(load.settings)
        #expect(settings.state == "/var/lib/qiao")
        #expect(settings.mappings == "/etc/qiao/forms")
        #expect(settings.log.level == "debug")
        #expect(settings.log.format == .json)
        var limits = GatewayLimits()
        limits.filingSize = 1 << 30
        limits.recordSize = 512 << 10
        limits.fieldSize = 65536
        limits.csvColumns = 100
        limits.xmlDepth = 50
        limits.xmlAttributes = 20
        limits.findings = 500
        limits.freeSpace = 1 << 30
        limits.backlog = 1000
        #expect(settings.limits == limits)
        #expect(
            settings.sources == [
                SourceSettings(
                    name: "appeals", inbound: "/var/lib/qiao/inbound/appeals",
                    completion: .stable(period: .seconds(120)), mappings: ["yutai.yukuaiban-cases"],
                    receipts: "/var/lib/qiao/receipts/appeals"),
                SourceSettings(
                    name: "yutai-liangzhang", inbound: "/srv/drop/liangzhang", completion: .marker(),
                    mappings: ["yutai.liangzhang-roster", "yutai.other"], receipts: "/srv/receipts",
                    areaCode: "370827"),
            ])
        var route = RouteSettings(name: "lake", exporter: ["qiao-export-jsonl", "--output", "/srv/out"])
        route.sources = ["appeals"]
        route.records = ["Case"]
        route.sensitive = .hash
        route.refusal = .stop
        route.beginning = .end
        route.window = 100
        route.settings = ["endpoint": "https://example.test", "batch": "50"]
        #expect(settings.routes == [route])
    }

    @Test func whatIsNotSetHasItsDefault() async throws {
        let load = try await load(
            "state: /s\nsources:\n  a:\n    completion: close-write\nroutes:\n  r:\n    exporter: cat\n")
        #expect(told(load) == [])
        let settings = try #require(load.settings)
        #expect(settings.mappings == "/etc/qiao/mappings")
        #expect(settings.log == LogSettings())
        #expect(settings.limits == GatewayLimits())
        #expect(settings.sources[0].completion == .closeWrite)
        #expect(settings.sources[0].inbound == "/s/inbound/a")
        #expect(settings.routes == [RouteSettings(name: "r", exporter: ["cat"])])
    }

    struct Broken: CustomTestStringConvertible, Sendable {
        var name: String
        var yaml: String
        var told: [String]
        var testDescription: String { name }

        init(_ name: String, _ yaml: String, _ told: String...) {
            self.name = name
            self.yaml = yaml
            self.told = told
        }
    }

    static let broken: [Broken] = [
        Broken("no state", "mappings: /m", "qiao.yaml:1:1: error: the settings need “state”"),
        Broken(
            "key at the top mistyped", "state: /s\nmapings: /m",
            "qiao.yaml:2:1: error: unknown key “mapings” in the settings (did you mean “mappings”?)"),
        Broken(
            "key of the log mistyped", "state: /s\nlog:\n  levle: info",
            "qiao.yaml:3:3: error: unknown key “levle” in “log” (did you mean “level”?)"),
        Broken(
            "key of the limits mistyped", "state: /s\nlimits:\n  filing_sise: 1",
            "qiao.yaml:3:3: error: unknown key “filing_sise” in “limits” (did you mean “filing-size”?)"),
        Broken(
            "key of a source mistyped", "state: /s\nsources:\n  a:\n    inbond: /x",
            "qiao.yaml:4:5: error: unknown key “inbond” in source “a” (did you mean “inbound”?)"),
        Broken(
            "key of a route mistyped", "state: /s\nroutes:\n  r:\n    exporter: cat\n    sensitiv: mask",
            "qiao.yaml:5:5: error: unknown key “sensitiv” in route “r” (did you mean “sensitive”?)"),
        Broken(
            "level that does not exist", "state: /s\nlog:\n  level: warn",
            "qiao.yaml:3:10: error: “level” must be one of trace, debug, info, notice, warning, error, critical, "
                + "not “warn” (did you mean “warning”?)"),
        Broken(
            "format that does not exist", "state: /s\nlog:\n  format: jsonl",
            "qiao.yaml:3:11: error: “format” must be one of auto, text, journal, json, not “jsonl” "
                + "(did you mean “json”?)"),
        Broken(
            "size that is none", "state: /s\nlimits:\n  filing-size: 4 gigs",
            "qiao.yaml:3:16: error: “filing-size” must be a number of bytes such as 65536, 512KiB or 4GiB, "
                + "not “4 gigs”"),
        Broken(
            "size of nothing", "state: /s\nlimits:\n  record-size: 0",
            "qiao.yaml:3:16: error: “record-size” must be a number of bytes such as 65536, 512KiB or 4GiB, not “0”"),
        Broken(
            "number that is none", "state: /s\nlimits:\n  csv-columns: many",
            "qiao.yaml:3:16: error: “csv-columns” must be a whole number above 0, not “many”"),
        Broken(
            "number of nothing", "state: /s\nroutes:\n  r:\n    exporter: cat\n    window: 0",
            "qiao.yaml:5:13: error: “window” must be a whole number above 0, not “0”"),
        Broken(
            "completion mistyped", "state: /s\nsources:\n  a:\n    completion: close-wrte",
            "qiao.yaml:4:17: error: “completion” must be one of close-write, rename, marker, stable, "
                + "not “close-wrte” (did you mean “close-write”?)"),
        Broken(
            "duration that is none", "state: /s\nsources:\n  a:\n    completion: stable\n    stable-for: soon",
            "qiao.yaml:5:17: error: “stable-for” must be a duration such as 500ms, 10s or 2m, not “soon”"),
        Broken(
            "duration beyond all bounds", "state: /s\nsources:\n  a:\n    completion: stable\n    stable-for: 1e30h",
            "qiao.yaml:5:17: error: “stable-for” must be a duration such as 500ms, 10s or 2m, not “1e30h”"),
        Broken(
            "area code of five digits", "state: /s\nsources:\n  a:\n    area-code: \"37082\"",
            "qiao.yaml:4:16: error: “area-code” must be 6, 9 or 12 digits, in quotes (GB/T 2260, GB/T 10114), "
                + "not “37082”"),
        Broken(
            "area code in full width", "state: /s\nsources:\n  a:\n    area-code: \"３７０８２７\"",
            "qiao.yaml:4:16: error: “area-code” must be 6, 9 or 12 digits, in quotes (GB/T 2260, GB/T 10114), "
                + "not “３７０８２７”"),
        Broken(
            "relative state folder", "state: lib/qiao",
            "qiao.yaml:1:8: error: “state” must be an absolute path, not “lib/qiao”: a service has no working folder "
                + "of yours"),
        Broken(
            "relative inbound folder", "state: /s\nsources:\n  a:\n    inbound: drop/",
            "qiao.yaml:4:14: error: “inbound” must be an absolute path, not “drop”: a service has no working folder "
                + "of yours"),
        Broken(
            "two sources in one folder",
            "state: /s\nsources:\n  a:\n    inbound: /drop\n  b:\n    inbound: /drop/",
            "qiao.yaml:6:14: error: the inbound folders of “b” and “a” are the same, or one lies in the other"),
        Broken(
            "an inbound folder within another",
            "state: /s\nsources:\n  a:\n    inbound: /drop/a\n  b:\n    inbound: /drop",
            "qiao.yaml:6:14: error: the inbound folders of “b” and “a” are the same, or one lies in the other"),
        Broken(
            "route of an unknown source",
            "state: /s\nsources:\n  appeals:\n    completion: rename\nroutes:\n  r:\n    exporter: cat\n"
                + "    sources: [apeals]",
            "qiao.yaml:8:14: error: route “r” names the source “apeals”, which does not exist "
                + "(did you mean “appeals”?)"),
        Broken(
            "route without exporter", "state: /s\nroutes:\n  r:\n    records: [Person]",
            "qiao.yaml:4:5: error: route “r” needs “exporter”: the program and its arguments, "
                + "e.g. [qiao-export-jsonl, --output, F]"),
        Broken(
            "words of a route that do not exist",
            "state: /s\nroutes:\n  r:\n    exporter: cat\n    sensitive: masked\n    on-reject: dead\n    start: begin",
            "qiao.yaml:5:16: error: “sensitive” must be one of mask, hash, drop, reveal, not “masked” "
                + "(did you mean “mask”?)",
            "qiao.yaml:6:16: error: “on-reject” must be one of dead-letter, stop, not “dead” "
                + "(did you mean “dead-letter”?)",
            "qiao.yaml:7:12: error: “start” must be one of beginning, end, not “begin” (did you mean “beginning”?)"),
        Broken(
            "name of a source in capitals", "state: /s\nsources:\n  Yutai:\n    completion: rename",
            "qiao.yaml:3:3: error: a name under “sources” is made of a–z, 0–9 and hyphens"),
        Broken(
            "sources as a list", "state: /s\nsources: [a, b]",
            "qiao.yaml:2:10: error: “sources” must be a mapping of names to settings, not a list"),
        Broken(
            "source that is a text", "state: /s\nsources:\n  a: /drop",
            "qiao.yaml:3:6: error: source “a” must be a mapping of keys to values, not a single value"),
        Broken(
            "list where one value is wanted", "state: /s\nlimits:\n  backlog: [1000]",
            "qiao.yaml:3:12: error: “backlog” must be a single value, not a list"),
        Broken(
            "inbound folders as a list", "state: /s\nsources:\n  a:\n    inbound: [/drop]",
            "qiao.yaml:4:14: error: “inbound” must be a single value, not a list"),
        Broken(
            "mapping where a list is wanted", "state: /s\nroutes:\n  r:\n    exporter: cat\n    records: {a: b}",
            "qiao.yaml:5:14: error: “records” must be a text or a list of texts, not a mapping"),
        Broken(
            "settings of an exporter as a text", "state: /s\nroutes:\n  r:\n    exporter: cat\n    settings: fast",
            "qiao.yaml:5:15: error: the settings of route “r” must be a mapping of keys to values, not a single value"),
        Broken(
            "setting of an exporter that is a list",
            "state: /s\nroutes:\n  r:\n    exporter: cat\n    settings:\n      hosts: [a, b]",
            "qiao.yaml:6:14: error: “hosts” must be a single value, not a list"),
        Broken("an empty file", "# nothing\n", "qiao.yaml:1:1: error: the file is empty"),
        Broken(
            "a key twice", "state: /s\nstate: /t",
            "qiao.yaml:2:1: error: the key “state” is written twice; the first is on line 1"),
    ]

    @Test(arguments: broken) func everyMistakeIsToldWithItsPlace(_ row: Broken) async throws {
        let load = try await load(row.yaml)
        #expect(told(load) == row.told)
        #expect(load.settings == nil)
    }

    @Test func brokenYAMLIsToldWithItsPlace() async throws {
        let load = try await load("state: /s\nsources:\n\ta: 1\n")
        #expect(load.settings == nil)
        #expect(load.problems.count == 1)
        #expect(load.problems[0].line == 3)
        #expect(load.problems[0].description.contains("error: not valid YAML: "))
        #expect(load.problems[0].description.hasSuffix("indent with spaces, not tabs"))
    }

    @Test func allMistakesAreToldAtOnce() async throws {
        let load = try await load("state: s\nlog:\n  level: loud\nextra: 1\n")
        #expect(load.problems.map(\.line) == [4, 1, 3])
    }

    @Test func missingFileSaysWhatToDo() async throws {
        let load = await SettingsLoader(file: folder.path + "/none.yaml").load()
        #expect(load.settings == nil)
        #expect(
            told(load) == [
                "none.yaml: error: the settings file cannot be read; name one with --config, and see that it is readable"
            ])
    }

    @Test func environmentOverridesTheFile() async throws {
        let load = try await load(
            Self.full,
            environment: [
                "QIAO_LOG_LEVEL": "error", "QIAO_LIMITS_FILING_SIZE": "2GiB", "QIAO_LIMITS_BACKLOG": "7",
                "QIAO_SOURCES_YUTAI_LIANGZHANG_AREA_CODE": "370828", "QIAO_ROUTES_LAKE_RECORDS": "Person,Case",
                "QIAO_ROUTES_LAKE_SETTINGS_ENDPOINT": "https://other.test", "LOG_LEVEL": "trace", "HOME": "/",
            ])
        #expect(told(load) == [])
        let settings = try #require(load.settings)
        #expect(settings.log.level == "error")
        #expect(settings.limits.filingSize == 2 << 30)
        #expect(settings.limits.backlog == 7)
        #expect(settings.sources[1].areaCode == "370828")
        #expect(settings.routes[0].records == ["Person", "Case"])
        #expect(settings.routes[0].settings == ["endpoint": "https://other.test", "batch": "50"])
    }

    @Test func flagsOverrideTheEnvironmentAndTheFile() async throws {
        let load = try await load(
            Self.full, environment: ["QIAO_LOG_LEVEL": "error", "QIAO_LIMITS_BACKLOG": "7"],
            flags: ["log.level": "trace", "routes.lake.window": "5"])
        #expect(told(load) == [])
        let settings = try #require(load.settings)
        #expect(settings.log.level == "trace")
        #expect(settings.limits.backlog == 7)
        #expect(settings.routes[0].window == 5)
    }

    @Test func wrongValueOfAVariableIsAnError() async throws {
        let load = try await load("state: /s", environment: ["QIAO_LOG_LEVEL": "loud"])
        #expect(load.settings == nil)
        #expect(load.problems.count == 1)
        #expect(load.problems.first?.message.contains("not “loud”") == true)
    }

    @Test func unknownVariableIsWarnedOfAndDoesNotStopTheStart() async throws {
        let load = try await load(
            "state: /s",
            environment: ["QIAO_LIMITS_FILLING_SIZE": "1", "QIAO_CONFIG": "/f", "QIAO_TEST_CRASH_ON": "x"])
        #expect(load.settings != nil)
        #expect(
            told(load) == [
                "environment: warning: no setting is called QIAO_LIMITS_FILLING_SIZE "
                    + "(did you mean “QIAO_LIMITS_FILING_SIZE”?)"
            ])
    }

    @Test func unknownFlagIsWarnedOf() async throws {
        let load = try await load("state: /s", flags: ["limits.filling-size": "1GiB"])
        #expect(load.settings != nil)
        #expect(
            told(load) == [
                "--set: warning: no setting is called limits.filling-size (did you mean “limits.filing-size”?)"
            ])
    }

    /// A key such as `batchSize` becomes one variable only, and that one is not called unknown.
    @Test func variableOfASettingInCamelCaseIsKnown() async throws {
        let yaml = "state: /s\nroutes:\n  r:\n    exporter: cat\n    settings:\n      batchSize: 1\n"
        let names = ["QIAO_ROUTES_R_SETTINGS_BATCHSIZE", "QIAO_ROUTES_R_SETTINGS_BATCH_SIZE"]
        var effective = 0
        for name in names {
            let load = try await load(yaml, environment: [name: "9"])
            let isHeard = load.settings?.routes[0].settings["batchSize"] == "9"
            #expect(load.problems.isEmpty == isHeard, "\(name)")
            effective += isHeard ? 1 : 0
        }
        #expect(effective == 1)
    }
}
