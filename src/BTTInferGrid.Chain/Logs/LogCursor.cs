using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Logs;

/// <summary>A block up to which logs were handed on.</summary>
/// <param name="Block">The height of the block.</param>
/// <param name="Hash">The block.</param>
public readonly record struct LogCursor(ulong Block, Hash32 Hash);
