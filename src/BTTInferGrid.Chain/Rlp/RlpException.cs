namespace BTTInferGrid.Chain.Rlp;

/// <summary>Bytes are not RLP, or not in its one canonical form.</summary>
internal sealed class RlpException(string problem) : FormatException($"Not canonical RLP: {problem}");
