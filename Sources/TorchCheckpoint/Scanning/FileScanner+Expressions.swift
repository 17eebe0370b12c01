import ByteIO

extension FileScanner {
    /// Looks at the expressions for sizes in a record of torch.export, which Python's `eval` gets.
    mutating func scanProgram(_ program: ByteRegion, in place: ScanPlace) {
        let bytes = program.bytes
        // JSON has other ways to write the key, of which torch uses none.
        if let offset = bytes.firstEnd(ofEscapedLetterFrom: 0) {
            report.add(
                .computedExpression, "a letter is written as its number", in: place, at: offset)
        }
        var position = 0
        while let end = bytes.firstEnd(of: "\"expr_str\"", from: position) {
            position = end
            let expression = bytes.jsonText(from: end)
            guard unsafe !SizeExpression.isOne(expression.span.bytes) else { continue }
            report.add(
                .computedExpression,
                "\(String(decoding: expression.prefix(80), as: UTF8.self)) is an expression that "
                    + "torch.export.load evaluates", in: place, at: end)
        }
    }
}

extension RawSpan {
    /// The offset behind the first `\u00` of a character that JSON can have as it is.
    fileprivate func firstEnd(ofEscapedLetterFrom start: Int) -> Int? {
        var position = start
        while let end = firstEnd(of: "\\u00", from: position) {
            if end < byteCount, (0x32...0x37).contains(byte(at: end)) { return end }
            position = end
        }
        return nil
    }

    /// The bytes of the text that is the value of a key which ends at an offset, or those up to the
    /// next quote.
    fileprivate func jsonText(from start: Int) -> [UInt8] {
        var position = start
        let quote = UInt8(ascii: "\"")
        while position < byteCount, byte(at: position) != quote { position += 1 }
        position += 1
        var text: [UInt8] = []
        while position < byteCount, byte(at: position) != quote || text.last == 0x5C {
            text.append(byte(at: position))
            position += 1
        }
        return text
    }
}
