using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>The tokens that a model for embeddings wants before and after a text; -1 where it wants none.</summary>
internal readonly record struct InputFrame(int Start, int End)
{
    public static InputFrame Read(nint vocabulary)
    {
        var start = NativeMethods.AddsStartToken(vocabulary) != 0 ? NativeMethods.StartToken(vocabulary) : -1;
        var end = NativeMethods.AddsSeparatorToken(vocabulary) != 0 ? NativeMethods.SeparatorToken(vocabulary)
            : NativeMethods.AddsEndToken(vocabulary) != 0 ? NativeMethods.EndToken(vocabulary)
            : -1;
        return new InputFrame(start, end);
    }

    public int[] Around(int[] tokens)
    {
        ReadOnlySpan<int> start = Start < 0 ? [] : [Start];
        ReadOnlySpan<int> end = End < 0 ? [] : [End];
        return [.. start, .. tokens, .. end];
    }
}
