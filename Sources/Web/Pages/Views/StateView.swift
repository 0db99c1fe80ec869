import Notifications

/// A state by its word and a shape of its own, so that colour only helps.
struct StateView: Sendable {
    let word: String
    /// A character that draws the shape.
    let shape: String
    /// The class that gives the colour: good, bad, busy or idle.
    let tone: String

    init(_ state: DeliveryState) {
        word = state.rawValue
        switch state {
        case .due: (shape, tone) = ("◷", "busy")
        case .claimed: (shape, tone) = ("▷", "busy")
        case .delivered: (shape, tone) = ("✓", "good")
        case .failed: (shape, tone) = ("✕", "bad")
        case .skipped: (shape, tone) = ("○", "idle")
        case .cancelled: (shape, tone) = ("⊘", "idle")
        }
    }

    init(_ state: ChannelState) {
        word = state.rawValue
        switch state {
        case .enabled: (shape, tone) = ("●", "good")
        case .paused: (shape, tone) = ("‖", "busy")
        case .disabled: (shape, tone) = ("⊘", "bad")
        case .removed: (shape, tone) = ("✕", "idle")
        }
    }

    init(_ state: ReplayState) {
        word = state.rawValue
        switch state {
        case .running: (shape, tone) = ("▷", "busy")
        case .paused: (shape, tone) = ("‖", "busy")
        case .finished: (shape, tone) = ("✓", "good")
        case .cancelled: (shape, tone) = ("⊘", "idle")
        }
    }

    /// Of an attempt or a test, by its verdict. A test is never retried, so nothing here says that one follows.
    init(verdict: String) {
        switch verdict {
        case "delivered": (word, shape, tone) = ("delivered", "✓", "good")
        case "retry": (word, shape, tone) = ("failed (temporary)", "↻", "busy")
        case "refused", "gone": (word, shape, tone) = ("failed (permanent)", "✕", "bad")
        case "interrupted": (word, shape, tone) = ("interrupted", "↻", "busy")
        default: (word, shape, tone) = (verdict, "✕", "bad")
        }
    }
}
