namespace BTTInferGrid.Silo.Catalogue;

/// <summary>Counts one pass over a file's bytes as a part of all that is read.</summary>
/// <param name="whole">Is told the share of all, from 0 to 1.</param>
/// <param name="before">Bytes of earlier passes.</param>
/// <param name="all">Bytes of all passes.</param>
internal sealed class ByteShare(IProgress<double> whole, long before, long all) : IProgress<long>
{
    public void Report(long value) => whole.Report((double)(before + value) / all);
}
