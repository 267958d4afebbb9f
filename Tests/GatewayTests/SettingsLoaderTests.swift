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
        retention:
          records: 30d
          archive: 12h
          quarantine: forever
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
        #expect(settings.retention.records == .seconds(30 * 86_400))
        #expect(settings.retention.archive == .seconds(12 * 3600))
        #expect(settings.retention.quarantine == nil)
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

    @Test(arguments: SettingsMistake.all) func everyMistakeIsToldWithItsPlace(_ row: SettingsMistake) async throws {
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
        #expect(
            told(load) == [
                "environment QIAO_LOG_LEVEL: error: “level” must be one of trace, debug, info, notice, warning, error, "
                    + "critical, not “loud”"
            ])
    }

    /// The file has no place for what a flag says; the flag is heard last, so it is the one to mend.
    @Test func wrongValueOfAFlagIsToldUnderItsName() async throws {
        let load = try await load(
            "state: /s\nlog:\n  level: info", environment: ["QIAO_LOG_LEVEL": "error"], flags: ["log.level": "loud"])
        #expect(load.settings == nil)
        #expect(
            told(load) == [
                "--set log.level: error: “level” must be one of trace, debug, info, notice, warning, error, critical, "
                    + "not “loud”"
            ])
    }

    /// As in a variable, commas are between the parts of a list; they have no meaning elsewhere.
    @Test func flagsOverrideLists() async throws {
        let load = try await load(
            Self.full, flags: ["routes.lake.records": "Person, Case", "routes.lake.settings.endpoint": "a,b"])
        #expect(told(load) == [])
        let settings = try #require(load.settings)
        #expect(settings.routes[0].records == ["Person", "Case"])
        #expect(settings.routes[0].settings["endpoint"] == "a,b")
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
