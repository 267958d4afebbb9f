import FoundationEssentials
import SwiftProtobuf

// Between the frames of this module and the generated messages.

extension GatewayFrame {
    var message: Qiao_Exporters_V1_GatewayFrame {
        var message = Qiao_Exporters_V1_GatewayFrame()
        switch self {
        case .start(let start):
            message.start = start.message
        case .record(let record):
            message.record.position = record.position
            message.record.record = .init(record.bytes)
        case .flush:
            message.flush = .init()
        case .stop(let reason):
            message.stop.reason = reason
        }
        return message
    }

    init?(_ message: Qiao_Exporters_V1_GatewayFrame) {
        switch message.frame {
        case .start(let start): self = .start(SessionStart(start))
        case .record(let record):
            self = .record(FeedRecord(position: record.position, bytes: ArraySlice([UInt8](record.record))))
        case .flush: self = .flush
        case .stop(let stop): self = .stop(reason: stop.reason)
        case nil: return nil
        }
    }
}

extension SessionStart {
    var message: Qiao_Exporters_V1_Start {
        var message = Qiao_Exporters_V1_Start()
        message.protocol = protocolVersion
        message.gateway = gateway
        message.route = route
        message.settings = settings
        message.schema.message = schemaMessage
        message.schema.descriptorSet = .init(descriptorSet)
        message.acknowledgedPosition = acknowledged
        message.epoch = epoch
        message.windowRecords = UInt32(clamping: window.records)
        message.windowBytes = UInt64(clamping: window.bytes)
        return message
    }

    init(_ message: Qiao_Exporters_V1_Start) {
        self.init(
            gateway: message.gateway, route: message.route, settings: message.settings,
            schemaMessage: message.schema.message, descriptorSet: [UInt8](message.schema.descriptorSet),
            acknowledged: message.acknowledgedPosition, epoch: message.epoch,
            window: SessionWindow(records: Int(message.windowRecords), bytes: Int(clamping: message.windowBytes)))
        protocolVersion = message.protocol
    }
}

extension ExporterFrame {
    var message: Qiao_Exporters_V1_ExporterFrame {
        var message = Qiao_Exporters_V1_ExporterFrame()
        switch self {
        case .ready(let ready):
            message.ready = ready.message
        case .ack(let position):
            message.ack.position = position
        case .reject(let rejection):
            message.reject.position = rejection.position
            message.reject.reason = rejection.reason
            message.reject.retry = rejection.retry
        case .log(let line):
            message.log.level = line.level
            message.log.message = line.message
            message.log.fields = line.fields
        }
        return message
    }

    init?(_ message: Qiao_Exporters_V1_ExporterFrame) {
        switch message.frame {
        case .ready(let ready): self = .ready(ExporterReady(ready))
        case .ack(let ack): self = .ack(ack.position)
        case .reject(let reject):
            self = .reject(RecordRejection(position: reject.position, reason: reject.reason, retry: reject.retry))
        case .log(let log): self = .log(ExporterLogLine(level: log.level, message: log.message, fields: log.fields))
        case nil: return nil
        }
    }
}

extension ExporterReady {
    var message: Qiao_Exporters_V1_Ready {
        var message = Qiao_Exporters_V1_Ready()
        message.protocol = protocolVersion
        message.name = name
        message.version = version
        message.encoding = encoding
        message.windowRecords = UInt32(clamping: window.records)
        message.windowBytes = UInt64(clamping: window.bytes)
        if let stored { message.storedPosition = stored }
        message.storedEpoch = storedEpoch ?? ""
        return message
    }

    init(_ message: Qiao_Exporters_V1_Ready) {
        self.init(
            name: message.name, version: message.version,
            window: SessionWindow(records: Int(message.windowRecords), bytes: Int(clamping: message.windowBytes)),
            stored: message.hasStoredPosition ? message.storedPosition : nil,
            storedEpoch: message.storedEpoch.isEmpty ? nil : message.storedEpoch)
        protocolVersion = message.protocol
        encoding = message.encoding
    }
}
