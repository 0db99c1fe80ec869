import Foundation
import Notifications
import Testing

/// docs/channels has a page for each kind, with a picture of what people see. `make golden` draws the pictures anew.
@Suite struct ChannelPages {
    static let kinds = ChannelCatalogue.standard().ids
    private static let sections = [
        "Get the address", "What arrives", "Limits", "What disables it", "Try it offline",
    ]
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../docs/channels").standardized

    @Test(arguments: kinds)
    func everyKindHasAPage(_ id: String) throws {
        let page = try String(contentsOf: Self.folder.appending(path: "\(id).md"), encoding: .utf8)
        for heading in Self.sections {
            #expect(page.contains("\n## \(heading)\n"), "docs/channels/\(id).md has no section \(heading).")
        }
        let list = try String(contentsOf: Self.folder.appending(path: "README.md"), encoding: .utf8)
        #expect(list.contains("[\(id)](\(id).md)"))
        let hasPicture = try Self.picture(of: id) != nil
        #expect(page.contains("pictures/\(id).svg") || !hasPicture)
    }

    /// Programs read a web hook, so its page shows the request itself.
    @Test func theWebHookIsTheOneThatIsSent() throws {
        let page = try String(contentsOf: Self.folder.appending(path: "webhook.md"), encoding: .utf8)
        let golden = String(decoding: try DataFile.bytes("golden/webhook-finished.http"), as: UTF8.self)
        #expect(page.contains("```text\n\(golden)```\n"))
    }

    @Test(arguments: kinds)
    func thePictureIsOfTheMessageThatIsSent(_ id: String) throws {
        guard let drawn = try Self.picture(of: id) else {
            #expect(["webhook", "email"].contains(id), "People read \(id), so it has a picture.")
            return
        }
        let file = Self.folder.appending(path: "pictures/\(id).svg")
        if ProcessInfo.processInfo.environment["RUNBELL_GOLDEN"] == "rewrite" {
            try drawn.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == drawn, "`make golden` draws \(id).svg anew.")
    }

    /// Nil if the kind has no preview.
    private static func picture(of id: String) throws -> String? {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        let context = kind.group == .ci ? Samples.context : .none
        let run = Samples.run(.failedThreshold, context: context)
        let notice = Samples.notice(.testFinished(run), runLink: Samples.runLink)
        return kind.shownMessage(for: notice, settings: Samples.settings(id)).preview.map(MessagePicture.svg)
    }
}

/// Draws a message, without any service's own look.
enum MessagePicture {
    static func svg(_ preview: MessagePreview) -> String {
        let lines = lines(of: preview)
        let height = 24 + lines.count * 24
        let texts = lines.enumerated().map { index, line in
            #"<text x="28" y="\#(36 + index * 24)" \#(line.style)>\#(escaped(line.text))</text>"#
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="640" height="\(height + 16)" viewBox="0 0 640 \(height + 16)" \
            role="img" font-family="system-ui, sans-serif" font-size="15">
            <rect x="0.5" y="0.5" width="639" height="\(height + 15)" rx="8" fill="#ffffff" stroke="#d0d7de"/>
            <rect x="12" y="16" width="4" height="\(height - 16)" rx="2" fill="\(preview.color)"/>
            \(texts.joined(separator: "\n"))
            </svg>

            """
    }

    private struct Line {
        let text: String
        var style = ##"fill="#1f2328""##
    }

    private static let muted = ##"fill="#57606a" font-size="13""##

    private static func lines(of preview: MessagePreview) -> [Line] {
        let facts = preview.facts.map { Line(text: "\($0.label): \($0.value)") }
        let link = preview.link.map { Line(text: preview.linkLabel ?? $0, style: ##"fill="#0969da""##) }
        let ends = [link, preview.footer.map { Line(text: $0, style: muted) }].compactMap { $0 }
        return [
            Line(text: [preview.from, preview.text].compactMap { $0 }.joined(separator: " · "), style: muted),
            Line(text: preview.title, style: ##"fill="#1f2328" font-weight="bold""##), Line(text: preview.body),
        ] + facts + ends
    }

    private static func escaped(_ text: String) -> String {
        let shown = text.count > 80 ? text.prefix(79) + "…" : text
        return shown.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
