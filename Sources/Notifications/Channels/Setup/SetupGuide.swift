/// How to set up a service for a kind of channel: what to do, and a drawing of where to click.
package struct SetupGuide: Sendable {
    /// Whole sentences, in order.
    package let steps: [String]
    package let drawing: SetupDrawing

    package init(_ steps: String..., drawing: SetupDrawing) {
        self.steps = steps
        self.drawing = drawing
    }
}

/// A window of the service, as boxes with labels: enough to find one's way, and nobody's picture. What a step is about
/// has its number.
package struct SetupDrawing: Sendable {
    /// A box with a label.
    package struct Box: Sendable {
        /// What it is: a text, a field to fill in or to copy from, or a button.
        package enum Form: String, Sendable {
            case text, field, button
        }

        package let form: Form
        package let label: String
        /// Counts from 1; nil for what only shows where one is.
        package let step: Int?

        static func text(_ label: String, _ step: Int? = nil) -> Box { Box(form: .text, label: label, step: step) }
        static func field(_ label: String, _ step: Int? = nil) -> Box { Box(form: .field, label: label, step: step) }
        static func button(_ label: String, _ step: Int? = nil) -> Box { Box(form: .button, label: label, step: step) }
    }

    package let title: String
    /// The menu at the left, from top to bottom.
    package let menu: [Box]
    /// What is beside it.
    package let boxes: [Box]

    package init(_ title: String, menu: [Box], _ boxes: [Box]) {
        self.title = title
        self.menu = menu
        self.boxes = boxes
    }
}
