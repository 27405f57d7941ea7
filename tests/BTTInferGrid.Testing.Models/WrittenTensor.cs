using BTTInferGrid.Inference;

namespace BTTInferGrid.Testing.Models;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeId">The number of its type.</param>
/// <param name="Dimensions">Its size along each dimension.</param>
/// <param name="Bytes">Length of its data.</param>
/// <param name="WriteData">Writes its data.</param>
public sealed record WrittenTensor(
    string Name, uint TypeId, IReadOnlyList<long> Dimensions, long Bytes, Action<Stream> WriteData)
{
    /// <summary>The offset that the table says; null for the right one.</summary>
    public long? Offset { get; init; }

    public static WrittenTensor Of(GgufFile file, GgufTensor tensor) =>
        new(tensor.Name, tensor.Type.Id, tensor.Dimensions, tensor.Bytes, output =>
        {
            using var input = File.OpenRead(file.Parts[tensor.Part]);
            input.Position = tensor.Offset;
            var buffer = new byte[tensor.Bytes];
            input.ReadExactly(buffer);
            output.Write(buffer);
        });

    /// <summary>A tensor of a known type with its data in memory.</summary>
    public static WrittenTensor Of(string name, GgufTensorType type, IReadOnlyList<long> dimensions, byte[] data) =>
        new(name, type.Id, dimensions, data.Length, output => output.Write(data));
}
