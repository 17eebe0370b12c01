import TestSupport
import Testing
import TorchCheckpoint

@Suite struct KeyPatternTests {
    @Test(arguments: [
        ("", "", true), ("", "a", false), ("a", "", false), ("a.b", "a.b", true),
        ("a.b", "axb", false), ("a.b", "a.b.c", false), ("[a]?", "[a]?", true), ("[a]", "a", false),
        ("*", "", true), ("*", "a.b", true), ("**", "", true), ("***", "abc", true),
        ("a*", "a", true), ("a*", "ab", true), ("a*", "ba", false), ("*a", "a", true),
        ("*a", "aab", false), ("a*b", "ab", true), ("a*b", "a.b", true), ("a*b", "abc", false),
        ("*.bias", "fc.bias", true), ("*.bias", "bias", false), ("a**b", "ab", true),
    ])
    func `a star stands for any text, all else for itself`(
        _ pattern: String, _ name: String, _ fits: Bool
    ) {
        #expect(KeyPattern(pattern).matches(name) == fits)
    }

    @Test(arguments: [
        ("aba*aba", "aba", false), ("aba*aba", "ababa", false), ("aba*aba", "abaaba", true),
        ("a*a", "a", false), ("a*a", "aa", true), ("*aa*aa*", "aaa", false),
        ("*aa*aa*", "aaaa", true), ("*ab*abc", "ababc", true), ("*abc*abc", "abcabc", true),
        ("*abc*bc", "abc", false), ("a*b*c", "abbbc", true), ("a*b*c", "acb", false),
    ])
    func `no part of a name counts for two parts of a pattern`(
        _ pattern: String, _ name: String, _ fits: Bool
    ) {
        #expect(KeyPattern(pattern).matches(name) == fits)
    }

    @Test(arguments: [
        ("module.*", "*", "module.fc.weight", "fc.weight"), ("module.*", "*", "module.", ""),
        ("*", "net.*", "fc.bias", "net.fc.bias"), ("a", "b", "a", "b"), ("", "new", "", "new"),
        ("*.*", "*/*", "a.b.c", "a/b.c"), ("*.*.*", "*/*/*", "a.b.c.d", "a/b/c.d"),
        ("layer*.w*", "l*.*", "layer12.weight", "l12.eight"), ("*-*", "<*|*>", "-", "<|>"),
        ("a*", "*b*c", "a1", "1bc"), ("a", "*b*", "a", "b"), ("*.*", "*", "x.y", "x"),
        ("*", "", "x", ""), ("*x*", "*y*", "axbxc", "aybxc"), ("**", "(*)(*)", "ab", "()(ab)"),
    ])
    func `the stars of a replacement are those of the pattern, in order`(
        _ pattern: String, _ replacement: String, _ name: String, _ result: String
    ) {
        #expect(KeyPattern(pattern).renaming(name, to: replacement) == result)
    }

    @Test func `a name that does not fit has no new one`() {
        #expect(KeyPattern("module.*").renaming("model.fc", to: "*") == nil)
        #expect(KeyPattern("").renaming("a", to: "b") == nil)
    }

    @Test func `texts are compared by code points`() throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        #expect(KeyPattern(composed).matches(composed))
        #expect(!KeyPattern(composed).matches(decomposed))
        #expect(KeyPattern(composed) != KeyPattern(decomposed))
        #expect(KeyPattern("cafe*").renaming(decomposed, to: "the*") == "the\u{301}")
        // With a mark behind it, a star is a star still.
        #expect(KeyPattern("*\u{301}").matches(decomposed))
        let text = try #require(KeyPattern("*\u{1F525}*").renaming("a\u{1F525}b", to: "*-*"))
        #expect(text == "a-b")
        #expect(KeyPattern("a").renaming("a", to: "*\u{301}") == "\u{301}")
        #expect(KeyPattern("\u{4E00}*").renaming("\u{4E00}\u{4E01}", to: "*") == "\u{4E01}")
    }

    @Test func `a literal is a pattern`() {
        let pattern: KeyPattern = "*.bias"
        #expect(pattern == KeyPattern("*.bias"))
        #expect(pattern.matches("fc.bias"))
    }

    @Test func `many stars take no more than a moment`() {
        let pattern = KeyPattern(String(repeating: "a*", count: 500) + "b")
        let name = String(repeating: "a", count: 5000)
        let seconds = threadSeconds { #expect(!pattern.matches(name)) }
        #expect(seconds < 5)
    }
}
