import Testing

@testable import Notifications

@Suite struct Base62Tests {
    @Test(arguments: [
        (0, 1, "0"), (61, 1, "z"), (62, 2, "10"), (3_843, 3, "0zz"), (3_844, 3, "100"), (UInt32.max, 6, "4gfFC3"),
    ])
    func numbersAreEncoded(_ number: UInt32, _ width: Int, _ text: String) {
        #expect(Base62.encode(number, width: width) == text)
    }
}
