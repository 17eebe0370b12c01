/// Negative numbers become 0, as `torch.nn.ReLU`.
package enum ReLU {
    package static func forward<Scalar>(_ input: Matrix<Scalar>) -> Matrix<Scalar> {
        // Written so that NaN stays NaN, as in torch.
        input.mapElements { $1 < 0 ? 0 : $1 }
    }

    /// The gradient of the input: that of the output where the output is not 0.
    package static func backward<Scalar>(
        _ gradient: Matrix<Scalar>, from output: Matrix<Scalar>
    ) -> Matrix<Scalar> {
        gradient.mapElements { output.elements[$0] <= 0 ? 0 : $1 }
    }
}
