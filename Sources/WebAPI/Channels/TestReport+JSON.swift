import EventRouting
import Notifications

extension RedactedMessage {
    /// The envelope, then headers and body: `{method, url, headers, body}` for a request.
    var json: JSONValue {
        var object = JSONObject(envelope.map { .init(key: $0.name, value: .string($0.value)) })
        object["headers"] = .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] })
        object["body"] = .string(body)
        return .object(object)
    }
}

extension TestReport {
    var json: JSONValue {
        var object = JSONObject()
        object["id"] = JSONValue(id)
        object["request"] = message.json
        switch exchange.result {
        case .answered(let answer):
            object["response"] = answer.json
            object["error"] = .null
        case .failed(let failure):
            object["response"] = .null
            object["error"] = .string(failure.word)
        }
        object["timings_ms"] = exchange.timings.json
        object["verdict"] = .string(verdict.word)
        object["finding"] = verdict.finding?.json ?? .null
        object["text"] = .string(text)
        return .object(object)
    }
}

extension ChannelTest {
    var json: JSONValue {
        [
            "id": JSONValue(id), "at": JSONValue(at), "actor": .string(actor), "as_saved": .bool(isAsSaved),
            "verdict": .string(verdict), "finding": finding?.json ?? .null,
            "status": JSONValue(status.map(Int64.init)), "duration_ms": .number(duration.milliseconds),
        ]
    }
}

extension Answer {
    /// Includes the first 4 KiB of the body.
    var json: JSONValue {
        [
            "status": .integer(Int64(status)),
            "headers": .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] }),
            "body": .string(String(decoding: body.prefix(4096), as: UTF8.self)),
        ]
    }
}

extension Timings {
    var json: JSONValue {
        [
            "resolve": Self.milliseconds(resolve),
            "connect": Self.milliseconds(connect),
            "tls": Self.milliseconds(tls),
            "head": Self.milliseconds(head),
            "total": .number(total.milliseconds),
        ]
    }

    private static func milliseconds(_ duration: Duration?) -> JSONValue {
        duration.map { .number($0.milliseconds) } ?? .null
    }
}

extension TransportFailure {
    /// A stable word; the report's text has the details.
    var word: String {
        switch self {
        case .refused: "refused"
        case .local(let fault, _): fault.code
        case .resolving: "resolving"
        case .connecting: "connecting"
        case .tls: "tls"
        case .clientCertificate: "client_certificate"
        case .timedOut(let phase): "timed_out.\(phase.rawValue)"
        case .disconnected: "disconnected"
        case .malformed: "malformed"
        }
    }
}
