import HTTPTypes
import Notifications

extension APIDescription {
    static let ledger = Section(
        tag: "Ledger", text: "The proof that no delivery is missing.",
        operations: [
            Operation(
                method: .get, path: "/v1/organizations/:organization/ledger", id: "showLedger",
                summary: "Compare what was accepted with what is stored", access: .holder(of: .administer),
                query: Parameter.span + [check], answers: [.ok(.named("Ledger"))]),
            Operation(
                method: .get, path: "/v1/ledger", id: "listLedgers",
                summary: "List the ledgers of all organizations", access: .holder(of: .operate),
                query: Parameter.page + [check],
                answers: [.ok(.page(of: .named("Ledger")))]),
        ],
        schemas: [
            "Ledger": .object([
                "organization_id": .number, "events": .count, "expected": .count,
                "deliveries": .named("DeliveryCounts"),
                "balanced": .flag, "events_from_totals": .count, "breaks": .list(of: .named("LedgerBreak")),
            ]),
            "LedgerBreak": .object([
                "kind": .words(LedgerBreak.kinds), "event_id": Schema.id.orNull, "expected": wholeNumber,
                "found": .count,
            ]),
            "DeliveryCounts": .object([
                "due": .count, "claimed": .count, "delivered": .count, "failed": .count, "skipped": .count,
                "cancelled": .count,
            ]),
        ])

    private static let check = Parameter.query(
        "check", "With whole, everything is counted from the rows, without relying on stored totals.",
        Schema.words(LedgerCheck.allCases.map(\.rawValue)))

    private static let wholeNumber = Schema(["type": "integer", "format": "int64"])
}
