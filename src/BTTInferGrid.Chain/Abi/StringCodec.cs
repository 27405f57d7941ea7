using System.Text;

namespace BTTInferGrid.Chain.Abi;

/// <summary>Text in UTF-8.</summary>
internal sealed class StringCodec : AbiCodec<string>
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override string Type => "string";

    public override bool IsDynamic => true;

    internal override void Write(AbiWriter writer, string value)
    {
        try
        {
            var length = Utf8.GetByteCount(value);
            writer.AppendCount(length);
            Utf8.GetBytes(value, writer.AppendPadded(length));
        }
        catch (EncoderFallbackException)
        {
            throw new AbiException("A string has half a surrogate pair and cannot be UTF-8.");
        }
    }

    internal override string Read(AbiReader reader)
    {
        try
        {
            return Utf8.GetString(reader.TakePadded(reader.TakeCount(reader.Left)));
        }
        catch (DecoderFallbackException)
        {
            throw new AbiException("A string is not UTF-8.");
        }
    }
}
