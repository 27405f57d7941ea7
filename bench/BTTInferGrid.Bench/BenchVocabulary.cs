using BTTInferGrid.Inference;

namespace BTTInferGrid.Bench;

/// <summary>What prompts and answers of a fixed length need of a vocabulary.</summary>
internal sealed class BenchVocabulary
{
    private readonly int[] _plain;

    public BenchVocabulary(Vocabulary vocabulary)
    {
        var all = Enumerable.Range(0, vocabulary.Size).ToArray();
        _plain = [.. all.Where(token => vocabulary.Decode(token).Length > 0)];
        NeverEnd = all.Where(vocabulary.IsEndOfGeneration).ToDictionary(token => token, _ => -100f);
    }

    /// <summary>Keeps an answer from ending before its last token.</summary>
    public Dictionary<int, float> NeverEnd { get; }

    /// <summary>Random tokens that stand for text; the same number gives the same ones.</summary>
    public int[] Prompt(int number, int length) => new Random(number).GetItems(_plain, length);
}
