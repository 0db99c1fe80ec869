import Notifications

/// The steps to set up a kind of channel, and the drawing of where to click.
struct SetupView: Sendable {
    struct Shape: Sendable {
        let label: String
        /// The class of its look: text, field, button.
        let look: String
        let x: Int
        let y: Int
        let width: Int
        let textX: Int
        let textY: Int
        let mark: Mark?
    }

    /// The number of a step, at what it is about.
    struct Mark: Sendable {
        let number: Int
        let x: Int
        let y: Int
        let textY: Int
    }

    let kindName: String
    let steps: [String]
    let title: String
    let shapes: [Shape]
    let width = Self.whole
    let height: Int
    let innerWidth = Self.whole - 2
    let innerHeight: Int
    let middle: Int
    /// The drawing in words.
    let words: String
    let isOpen: Bool

    private static let (whole, menuWidth, line, top, gap) = (480, 150, 32, 40, 10)

    /// - Parameter isOpen: whether the steps are shown at once.
    init(_ kind: any ChannelKind, isOpen: Bool) {
        let drawing = kind.setup.drawing
        kindName = kind.name
        steps = kind.setup.steps
        title = drawing.title
        self.isOpen = isOpen
        let right = Self.menuWidth + 2 * Self.gap
        shapes =
            Self.column(drawing.menu, x: Self.gap, width: Self.menuWidth)
            + Self.column(drawing.boxes, x: right, width: Self.whole - right - Self.gap)
        height = Self.top + Self.line * max(drawing.menu.count, drawing.boxes.count) + Self.gap
        innerHeight = height - 2
        middle = Self.menuWidth + Self.gap + Self.gap / 2
        let parts = (drawing.menu + drawing.boxes).map { box in
            box.step.map { "\(box.label) (step \($0))" } ?? box.label
        }
        words = "A drawing of \(drawing.title): \(parts.joined(separator: ", "))."
    }

    private static func column(_ boxes: [SetupDrawing.Box], x: Int, width: Int) -> [Shape] {
        boxes.enumerated().map { index, box in
            let y = top + line * index
            let mark = box.step.map { Mark(number: $0, x: x + width - 14, y: y + 13, textY: y + 17) }
            return Shape(
                label: box.label, look: box.form.rawValue, x: x, y: y, width: width, textX: x + 9, textY: y + 17,
                mark: mark)
        }
    }
}
