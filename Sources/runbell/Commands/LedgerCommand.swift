import ArgumentParser
import Notifications

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Prove that no delivery is missing.",
        discussion: "Example: runbell ledger check --organization 1",
        subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Compare what was accepted with what is stored. If it does not balance, list the rows and exit with 1.",
            discussion: """
                Examples:
                  runbell ledger check --organization 1
                  runbell ledger check --all                all organizations, with the operator's key
                """)

        @OptionGroup var period: PeriodOptions
        @OptionGroup var organization: OrganizationOptions

        @Flag(help: "All organizations, with the operator's key; the default when none is given.")
        var all = false

        @Flag(help: "Count everything from the rows, without relying on stored totals.")
        var whole = false

        func validate() throws {
            if all, organization.organization != nil {
                throw ValidationError("--all cannot be combined with --organization.")
            }
            if all, period.since != nil || period.until != nil {
                throw ValidationError("--since and --until cannot be combined with --all.")
            }
        }

        func run() async throws {
            let ledgers = try await ledgers()
            let broken = ledgers.filter { $0["balanced"]?.bool != true }
            if organization.client.json {
                for ledger in ledgers { Console.say(ledger.compactText) }
            } else {
                Console.say(LedgerText.sums(ledgers))
                if !broken.isEmpty { Console.say("\n" + LedgerText.breaks(broken)) }
            }
            guard broken.isEmpty else {
                Console.complain("\(broken.count == 1 ? "one ledger does" : "\(broken.count) ledgers do") not balance")
                throw ExitCode(CommandExit.failed.rawValue)
            }
        }

        /// The ledger of the organization given by option, variable or file; of all if none is.
        private func ledgers() async throws(CommandFailure) -> [JSONValue] {
            if !all, try organization.isNamed() {
                let (api, path) = try organization.open()
                let query = period.query + check
                let answer = try await withProgress("Checking the ledger") { () async throws(CommandFailure) in
                    try await api.get(path + "/ledger", query: query, deadline: Self.deadline)
                }
                return [answer.json]
            }
            guard period.since == nil, period.until == nil else {
                throw CommandFailure(.usage, "--since and --until need --organization")
            }
            let api = try organization.client.client()
            var (ledgers, cursor): ([JSONValue], String?) = ([], nil)
            repeat {
                let query = [Query("cursor", cursor)] + check
                let title = "Checking the ledgers, \(ledgers.count) organizations so far"
                let part = try await withProgress(title) { () async throws(CommandFailure) in
                    try await api.get("/v1/ledger", query: query, deadline: Self.deadline).json
                }
                ledgers += part["data"]?.array ?? []
                cursor = part["next_cursor"]?.string
            } while cursor != nil
            return ledgers
        }

        private var check: [Query] { whole ? [Query("check", "whole")] : [] }

        private static let deadline = Duration.seconds(900)
    }
}

/// Formats ledgers.
enum LedgerText {
    static func sums(_ ledgers: [JSONValue]) -> String {
        var table = Table("ORGANIZATION", "EVENTS", "EXPECTED", "FOUND", "BALANCED", "STATES")
        for ledger in ledgers {
            table.add(
                ledger["organization_id"]?.cell, ledger["events"]?.cell, ledger["expected"]?.cell,
                String(found(ledger)), ledger["balanced"]?.cell, states([ledger]))
        }
        if ledgers.count > 1 {
            table.add(
                "all", String(sum("events", ledgers)), String(sum("expected", ledgers)),
                String(ledgers.map(found).reduce(0, +)),
                ledgers.allSatisfy { $0["balanced"]?.bool == true } ? "yes" : "no", states(ledgers))
        }
        return table.text
    }

    static func breaks(_ ledgers: [JSONValue]) -> String {
        var table = Table("ORGANIZATION", "EVENT", "EXPECTED", "FOUND", "PROBLEM")
        for ledger in ledgers {
            for item in ledger["breaks"]?.array ?? [] {
                table.add(
                    ledger["organization_id"]?.cell, item["event_id"]?.cell, item["expected"]?.cell,
                    item["found"]?.cell, what(item["kind"]?.string))
            }
        }
        return table.text
    }

    private static func what(_ kind: String?) -> String? {
        switch kind {
        case "deliveries": "the number of deliveries differs from when the event was accepted"
        case "no_event": "deliveries without their event"
        case "sequence": "the number of events differs from those counted and not pruned"
        default: kind
        }
    }

    private static func states(_ ledgers: [JSONValue]) -> String {
        DeliveryState.allCases.compactMap { state in
            let count = ledgers.compactMap { $0["deliveries"]?[state.rawValue]?.integer }.reduce(0, +)
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }.joined(separator: ", ")
    }

    private static func sum(_ key: String, _ ledgers: [JSONValue]) -> Int64 {
        ledgers.compactMap { $0[key]?.integer }.reduce(0, +)
    }

    private static func found(_ ledger: JSONValue) -> Int64 {
        (ledger["deliveries"]?.object?.members ?? []).compactMap(\.value.integer).reduce(0, +)
    }
}
