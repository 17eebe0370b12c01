import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Values made of Swift's numbers, texts and collections.
@Suite struct CreatingValueTests {
    private func repr(_ value: CheckpointValue) throws -> String {
        try Checkpoint(bytes: Checkpoint(value).serialized()).root.pythonRepr()
    }

    @Test func `every type of integer makes an int`() throws {
        #expect(CheckpointValue(UInt8.max).int == 255)
        #expect(CheckpointValue(Int8.min).int == -128)
        #expect(CheckpointValue(Int.min).int == Int.min)
        #expect(CheckpointValue(256 as UInt16).int == 256)
        #expect(CheckpointValue(UInt64.max).bigInteger == BigInt(UInt64.max))
        #expect(CheckpointValue(Int128.min).bigInteger == BigInt(Int128.min))
        #expect(CheckpointValue(BigInt(7)).int == 7)
        let large = BigInt(2).power(200)
        #expect(CheckpointValue(-large).bigInteger == -large)
        #expect(try repr([CheckpointValue(UInt64.max)]) == "[18446744073709551615]")
    }

    @Test func `every type of float makes a float`() {
        #expect(CheckpointValue(0.5 as Float).double == 0.5)
        #expect(CheckpointValue(-1.5 as Float16).double == -1.5)
        #expect(CheckpointValue(Double.pi).double == .pi)
        #expect(CheckpointValue(2.0 as Float).kind == .float)
        #expect(CheckpointValue(Float.nan).double?.isNaN == true)
    }

    @Test func `literals and values keep their kinds`() {
        let values: [CheckpointValue] = [true, 1, 1.0, "1", .pythonNone, [1], ["a": 1]]
        #expect(
            values.map(\.kind) == [.bool, .integer, .float, .string, .none, .list, .dictionary])
        let (flag, number, fraction) = (true, 3, 0.25)
        #expect(CheckpointValue(flag).kind == .bool)
        #expect(CheckpointValue(number).kind == .integer)
        #expect(CheckpointValue(fraction).kind == .float)
        #expect(CheckpointValue(3).kind == .integer)
        #expect(CheckpointValue(0.25).kind == .float)
        #expect(CheckpointValue(true).kind == .bool)
        #expect([1, 2].map { CheckpointValue($0) }.compactMap(\.int) == [1, 2])
    }

    @Test func `text may have values in it`() {
        let epoch = 7
        let value: CheckpointValue = "epoch \(epoch)"
        #expect(value.string == "epoch 7")
        #expect(CheckpointValue("epoch \(epoch)").string == "epoch 7")
        var checkpoint = try? Checkpoint(["note": "none"])
        checkpoint?["note"] = "after \(epoch) epochs"
        #expect(checkpoint?["note"]?.string == "after 7 epochs")
    }

    @Test func `small integers are one object everywhere`() throws {
        #expect(CheckpointValue(255).id == CheckpointValue(255).id)
        for number in [0, 1, 255, 256] {
            let checkpoint = try Checkpoint(["n": CheckpointValue(number)])
            #expect(checkpoint["n"]?.int == number)
        }
        #expect(CheckpointValue(0).int == 0 && CheckpointValue(17).int == 17)
    }

    @Test func `lists of one type of element, sizes and versions`() throws {
        #expect(try repr(.list(integers: [1, -2, 300])) == "[1, -2, 300]")
        #expect(try repr(.list(floats: [1, 0.5])) == "[1.0, 0.5]")
        #expect(try repr(.list(strings: ["a", "b"])) == "['a', 'b']")
        #expect(try repr(.list(integers: [])) == "[]")
        #expect(try repr(.size([2, 3])) == "torch.Size([2, 3])")
        #expect(CheckpointValue.size([2, 3]).array?.compactMap(\.int) == [2, 3])
        let versions = CheckpointValue.moduleVersions(["": 1, "norm": 2])
        #expect(versions["norm"]?["version"]?.int == 2)
    }

    @Test func `pairs are made by zip, as those of Swift's dictionaries`() throws {
        let keys: [CheckpointValue] = ["a", 1, .pythonNone]
        let values: [CheckpointValue] = [1.5, "one", []]
        #expect(
            try repr(.dictionary(pairs: zip(keys, values)))
                == "{'a': 1.5, 1: 'one', None: []}")
        #expect(
            try repr(.orderedDictionary(pairs: zip(keys, values)))
                == "OrderedDict({'a': 1.5, 1: 'one', None: []})")
        #expect(try repr(.dictionary(["x": 1, 2: "y"])) == "{'x': 1, 2: 'y'}")
        #expect(try repr(.dictionary(pairs: [("x", 1)])) == "{'x': 1}")
    }

    // What Python makes of the same displays.
    @Test func `of equal keys the first keeps its place and gets the last value`() throws {
        let pairs: [(CheckpointValue, CheckpointValue)] = [
            ("a", 1), (1, 2), ("b", 3), (true, 4), ("a", 5), (0, 6), (false, 7), ("1", 8),
            (CheckpointValue(BigInt(2).power(70)), 9), (CheckpointValue(BigInt(2).power(70)), 10),
            (.pythonNone, 11),
        ]
        let wanted =
            "{'a': 5, 1: 4, 'b': 3, 0: 7, '1': 8, 1180591620717411303424: 10, None: 11}"
        #expect(try repr(.dictionary(pairs: pairs)) == wanted)
        #expect(try repr(.orderedDictionary(pairs: pairs)) == "OrderedDict(\(wanted))")
        let literal: CheckpointValue = ["x": 1, "y": 2, "x": 3, true: 4, 1: 5]
        #expect(try repr(literal) == "{'x': 3, 'y': 2, True: 5}")
        let forms: CheckpointValue = ["caf\u{E9}": 1, "cafe\u{301}": 2]
        #expect(forms.count == 2)
    }

    @Test func `Python merges equal keys in the same way`() throws {
        let code = """
            big = 1 << 70
            pairs = [("a", 1), (1, 2), ("b", 3), (True, 4), ("a", 5), (0, 6), (False, 7), ("1", 8),
                     (big, 9), (1 << 70, 10), (None, 11)]
            print(dict(pairs), dict([("x", 1), ("y", 2), ("x", 3), (True, 4), (1, 5)]))
            """
        let outcome = try TorchPython.run(code: code)
        #expect(
            outcome.output
                == "{'a': 5, 1: 4, 'b': 3, 0: 7, '1': 8, 1180591620717411303424: 10, None: 11} "
                + "{'x': 3, 'y': 2, True: 5}\n")
    }

    @Test func `what elements share in their checkpoint they share in the container`() throws {
        var source = try Checkpoint(["list": [1, 2], "other": 0])
        source["again"] = source["list"]
        let list = try #require(source["list"])
        let again = try #require(source["again"])
        #expect(list.id == again.id)
        let keys: [CheckpointValue] = ["a", "b", "c"]
        for container in try [
            .list([list, 300, again]), .tuple([list, "between", again]), [list, 0.5, again],
            .dictionary(["a": list, "b": "between", "c": again]),
            .dictionary(pairs: zip(keys, [list, 300, again])),
            .orderedDictionary(["a": list, "b": "between", "c": again]),
            ["a": list, "b": "between", "c": again],
        ] as [CheckpointValue] {
            let values = try #require(container.array ?? container.dictionary?.values.elements)
            #expect(values[0].id == values[2].id)
            var checkpoint = try Checkpoint(container)
            let last: CheckpointKey = container.array == nil ? "c" : 2
            try checkpoint.append(3, to: [last])
            let changed = try #require(checkpoint[container.array == nil ? ["a"] : [0]])
            #expect(changed.pythonRepr() == "[1, 2, 3]")
        }
        let own: CheckpointValue = [1]
        let pair: CheckpointValue = [own, own]
        #expect(pair[0]?.id == pair[1]?.id)
    }

    @Test func `tensors and state dicts are set as they are`() throws {
        var checkpoint = try Checkpoint(["model": [:]])
        let tensor = try Tensor([0.5, 1.5] as [Float])
        try checkpoint.set(tensor, at: ["model", "scale"])
        try checkpoint.set(StateDict(["w": tensor]), at: ["ema"])
        let again = try Checkpoint(bytes: checkpoint.serialized())
        #expect(try again.stateDict("model").tensor("scale").array(of: Float.self) == [0.5, 1.5])
        #expect(try again.stateDict("ema").names == ["w"])
    }
}
