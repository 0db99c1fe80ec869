import Notifications
import Repository

extension Ledger {
    var json: JSONObject {
        var object = JSONObject()
        object["organization_id"] = JSONValue(organizationID)
        object["events"] = .integer(events)
        object["expected"] = .integer(expected)
        object["deliveries"] = deliveries.json
        object["balanced"] = .bool(isBalanced)
        object["events_from_totals"] = .integer(eventsFromTotals)
        object["breaks"] = .array(breaks.map(\.json))
        return object
    }
}

extension DeliveryCounts {
    var json: JSONValue {
        .object(
            JSONObject(DeliveryState.allCases.map { .init(key: $0.rawValue, value: .integer(self[$0])) }))
    }
}

extension LedgerBreak {
    /// The words of `kind`.
    static let kinds = ["deliveries", "no_event", "sequence"]

    fileprivate var json: JSONValue {
        switch self {
        case .deliveries(let event, let expected, let found): Self.json("deliveries", event, expected, found)
        case .noEvent(let event, let found): Self.json("no_event", event, 0, found)
        case .sequence(let expected, let found): Self.json("sequence", nil, expected, found)
        }
    }

    private static func json(_ kind: String, _ event: EventID?, _ expected: Int64, _ found: Int64) -> JSONValue {
        [
            "kind": .string(kind), "event_id": JSONValue(event), "expected": .integer(expected),
            "found": .integer(found),
        ]
    }
}
