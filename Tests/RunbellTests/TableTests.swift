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
            table.text == """
                ID  NAME      STATE
                1   Checkout  -
                22  日本      due
                """)
    }

    @Test(
        "Nothing that somebody wrote moves the cursor or turns the line round",
        arguments: ["\u{1B}[2J", "a\nb", "\u{202E}txt", "\u{9B}31m", "\u{2028}", "\r"])
    func control(text: String) {
        var table = Table("NAME")
        table.add(text)
        let cell = table.text.split(separator: "\n").dropFirst().joined()
        #expect(cell.contains("\u{FFFD}"))
        #expect(table.text.split(separator: "\n").count == 2)
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
