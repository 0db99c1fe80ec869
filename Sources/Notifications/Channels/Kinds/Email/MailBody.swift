/// The two parts of a mail: the same words as text and as HTML.
struct MailBody {
    let text: String
    let html: String

    /// A notification.
    init(_ notice: Notice, stopLink: String?) {
        let content = notice.content
        let name = content.run.map { Self.literal($0.displayName, 1000) }
        let facts = content.facts.map { ($0.label, Self.literal($0.value, 500)) }
        let lead = name ?? Self.literal(content.explanation, 2000)
        let reason = "You get this because somebody entered your address in Runbell, and you confirmed it."
        var lines = [content.headline, lead, ""] + facts.map { "\($0.0): \($0.1)" }
        if let link = notice.runLink { lines += ["", link] }
        lines += ["", "-- ", reason]
        if let stopLink { lines.append("Stop: \(stopLink)") }
        text = lines.joined(separator: "\n") + "\n"

        var parts = [
            "<h2>\(HTMLEscaping.escape(content.headline))</h2>", "<p>\(Self.linked(lead, to: notice.runLink))</p>",
        ]
        let rows = facts.map {
            "<tr><th align=\"left\">\(HTMLEscaping.escape($0.0))</th><td>\(HTMLEscaping.escape($0.1))</td></tr>"
        }
        if !rows.isEmpty { parts.append("<table>\(rows.joined(separator: "\n"))</table>") }
        let stop = stopLink.map { " <a href=\"\(HTMLEscaping.escape($0))\">Stop</a>" } ?? ""
        parts.append("<p><small>\(reason)\(stop)</small></p>")
        html = Self.page(parts)
    }

    /// The request to confirm an address. Contains nothing that a user wrote: whoever enters somebody's address must not be
    /// able to write to them.
    init(confirming address: MailAddress, link: String) {
        let lead = "Somebody entered \(address) in Runbell, to be notified when load tests start and finish."
        let end = "Nothing is sent to you unless you confirm. If you do not know what this is about, ignore this mail."
        text = [lead, "", "Confirm: \(link)", "", end].joined(separator: "\n") + "\n"
        html = Self.page([
            "<p>\(HTMLEscaping.escape(lead))</p>",
            "<p><a href=\"\(HTMLEscaping.escape(link))\">Confirm this address</a></p>",
            "<p>\(end)</p>",
        ])
    }

    /// Mail programs link whatever looks like an address; the only links are Runbell's own.
    private static func literal(_ text: String, _ limit: Int) -> String {
        DisplayText.cut(ChatText.linkless(text), to: limit)
    }

    private static func page(_ parts: [String]) -> String {
        "<!doctype html>\n<html lang=\"en\"><body>\n\(parts.joined(separator: "\n"))\n</body></html>\n"
    }

    private static func linked(_ text: String, to link: String?) -> String {
        let html = HTMLEscaping.escape(text).replacingBytes(of: "\n", with: "<br>\n")
        guard let link else { return html }
        return "<a href=\"\(HTMLEscaping.escape(link))\">\(html)</a>"
    }
}
