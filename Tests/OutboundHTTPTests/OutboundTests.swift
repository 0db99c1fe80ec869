import Testing

/// All tests of the way out, one after the other: many of them measure time, and some of them make a lot of noise.
@Suite("Way out", .serialized)
enum OutboundTests {}
