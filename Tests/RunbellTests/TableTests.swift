import Foundation
import Notifications
import Testing

@testable import runbell

@Suite("Tables for people")
struct TableTests {
    @Test("Columns are as wide as their widest cell, and lines have no white space at their ends")
    func layout() {
        var table = Table("ID", "NAME", "STATE")
        table.add("1", "Checkout", nil)
        table.add("22", "日本", "due")
        #expect(
            table.text(on: .none) == """
                ID  NAME      STATE
                1   Checkout  -
                22  日本      due
                """)
    }

    private static let narrow = Terminal(isTerminal: true, columns: 60, hasColor: false, zone: nil)

    @Test("On a terminal, the widest columns are cut, and IDs are not")
    func narrow() {
        var table = Table("ID", "NAME", "STATE", "REASON")
        let id = "01a21d64-31b9-7b2b-9614-e63d75c9cfc4"
        table.add(id, String(repeating: "日本", count: 30), "due", "receiver_unreachable")
        table.add(id, "Checkout", "delivered", nil)
        let lines = table.text(on: Self.narrow).split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.columns <= 60 })
        #expect(lines[1].hasPrefix(id + "  日") && lines[1].contains("…"))
        #expect(lines[2].contains("  delivered"))
        #expect(table.text(on: .none).contains("receiver_unreachable"))
        let wide = Terminal(isTerminal: true, columns: 400, hasColor: false, zone: nil)
        #expect(table.text(on: wide) == table.text(on: .none))
    }

    @Test("Colors stand around words, and change neither words nor columns")
    func colors() {
        var table = Table("NAME", "STATE", "CODE")
        table.add("failed", "delivered", "x")
        table.add("Ops", "failed", "y")
        let colored = table.text(on: Terminal(isTerminal: true, columns: nil, hasColor: true, zone: nil))
        #expect(colored.contains("\u{1B}[32mdelivered\u{1B}[0m  x") && colored.contains("\u{1B}[31mfailed\u{1B}[0m"))
        #expect(colored.contains("\nfailed  ") && colored.hasPrefix("\u{1B}[1mNAME"))
        let bare = colored.replacing(/\u{1B}\[[0-9]+m/, with: "")
        #expect(bare == table.text(on: .none))
    }

    @Test(
        "A time is UTC for programs, and local for people",
        arguments: [
            (nil, "2026-11-23 23:12:30Z"), ("UTC", "2026-11-23 23:12:30Z"),
            ("Europe/Berlin", "2026-11-24 00:12:30+01:00"), ("America/St_Johns", "2026-11-23 19:42:30-03:30"),
        ] as [(String?, String)])
    func moments(_ zone: String?, _ expected: String) {
        let time: JSONValue = "2026-11-23T23:12:30.123456Z"
        #expect(time.moment(in: zone.flatMap { TimeZone(identifier: $0) }) == expected)
        #expect(JSONValue.null.moment(in: nil) == nil && JSONValue.string("soon").moment(in: nil) == "soon")
    }

    @Test("The progress of a replay has a share")
    func progress() {
        #expect(Replays.progress(["requeued": 120, "total": 300]) == "Replaying: 120 of 300 deliveries (40%)")
        #expect(Replays.progress(["requeued": 0, "total": 0]) == "Replaying: 0 of 0 deliveries")
    }

    @Test(
        "Nothing that somebody wrote moves the cursor or turns the line round",
        arguments: ["\u{1B}[2J", "a\nb", "\u{202E}txt", "\u{9B}31m", "\u{2028}", "\r"])
    func control(text: String) {
        var table = Table("NAME")
        table.add(text)
        let cell = table.text(on: .none).split(separator: "\n").dropFirst().joined()
        #expect(cell.contains("\u{FFFD}"))
        #expect(table.text(on: .none).split(separator: "\n").count == 2)
    }

    @Test("Names without a value are left out of a listing")
    func listing() {
        var listing = Listing()
        listing.add("id", "7")
        listing.add("reason", nil)
        listing.add("state", "due")
        #expect(listing.text == "id     7\nstate  due")
    }
}
