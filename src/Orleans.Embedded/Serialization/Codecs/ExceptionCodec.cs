using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using Orleans.Serialization;

namespace Orleans.Embedded.Serialization;

/// <summary>
/// An exception: in front of its own members stands what all exceptions have, so that also one of an unknown type can
/// be told. Exceptions are not copied within a silo.
/// </summary>
/// <typeparam name="T">The exception.</typeparam>
/// <param name="name">The name on the wire.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ExceptionCodec<T>(string name) : ObjectCodec<T>(name, isImmutable: true)
    where T : Exception
{
    /// <inheritdoc />
    public override void WriteMembers(WireWriter writer, T value)
    {
    }

    /// <inheritdoc />
    public override void ReadMembers(T value, ref WireReader reader)
    {
        while (reader.TryReadField(out _, out var type))
        {
            reader.Skip(type);
        }
    }

    /// <inheritdoc />
    public sealed override void CopyMembers(T from, T to, CopyScope scope)
    {
        throw new NotSupportedException("Exceptions are not copied.");
    }

    internal sealed override void WriteContent(WireWriter writer, T value)
    {
        ExceptionHead.Write(writer, value);
        WriteMembers(writer, value);
    }

    internal override T ReadContent(ref WireReader block)
    {
        var head = ExceptionHead.Read(ref block);
        var value = Create();
        head.ApplyTo(value);
        ReadMembers(value, ref block);
        return value;
    }

    internal sealed override void WriteUnknown(WireWriter writer, T value)
    {
        writer.WriteText(value.GetType().FullName!);
        ExceptionHead.Write(writer, value);
    }

    internal sealed override T ReadUnknown(ReadOnlySpan<byte> name, ref WireReader block)
    {
        var head = ExceptionHead.Read(ref block);
        var fallback = new UnavailableExceptionFallbackException { ExceptionType = Encoding.UTF8.GetString(name) };
        head.ApplyTo(fallback);
        return fallback as T ?? throw WireTypes.Unknown(name, typeof(T));
    }
}

/// <summary>An exception without members of its own that matter.</summary>
internal sealed class PlainExceptionCodec<T>(Func<T> create) : ExceptionCodec<T>(typeof(T).FullName!)
    where T : Exception
{
    protected override T Create()
    {
        return create();
    }
}

/// <summary>Several exceptions, unflattened.</summary>
internal sealed class AggregateExceptionCodec() : ExceptionCodec<AggregateException>("System.AggregateException")
{
    private static readonly Codec<List<Exception>> Inner = CodeGeneration.Codecs.List(CodeGeneration.Codecs.Exception);

    public override void WriteMembers(WireWriter writer, AggregateException value)
    {
        Inner.WriteField(writer, 1, [.. value.InnerExceptions]);
    }

    internal override AggregateException ReadContent(ref WireReader block)
    {
        var head = ExceptionHead.Read(ref block);
        List<Exception> inner = [];
        while (block.TryReadField(out var number, out var type))
        {
            if (number == 1)
            {
                inner = Inner.ReadField(ref block, type) ?? [];
            }
            else
            {
                block.Skip(type);
            }
        }

        inner.RemoveAll(static one => one is null);
        var value = new AggregateException(head.Message, inner);
        head.ApplyStackTo(value);
        return value;
    }
}

/// <summary>What all exceptions have.</summary>
internal readonly record struct ExceptionHead(string? Message, string? Stack, Exception? Inner, int Result)
{
    public static void Write(WireWriter writer, Exception value)
    {
        var start = writer.BeginBlock();
        var isAggregate = value is AggregateException;

        // An aggregate makes its message of its own text and of those it holds.
        CodeGeneration.Codecs.String.WriteField(writer, 1, isAggregate ? MessageOf(value)! : value.Message);
        if (!writer.Serializer.HidesStacks)
        {
            CodeGeneration.Codecs.String.WriteField(writer, 2, value.StackTrace!);
            CodeGeneration.Codecs.Exception.WriteField(writer, 3, isAggregate ? null! : value.InnerException!);
        }

        CodeGeneration.Codecs.Int32.WriteField(writer, 4, value.HResult);
        writer.EndBlock(start);
    }

    public static ExceptionHead Read(ref WireReader reader)
    {
        var block = reader.ReadBlock();
        var head = default(ExceptionHead);
        while (block.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    head = head with { Message = CodeGeneration.Codecs.String.ReadField(ref block, type) };
                    break;
                case 2:
                    head = head with { Stack = CodeGeneration.Codecs.String.ReadField(ref block, type) };
                    break;
                case 3:
                    head = head with { Inner = CodeGeneration.Codecs.Exception.ReadField(ref block, type) };
                    break;
                case 4:
                    head = head with { Result = CodeGeneration.Codecs.Int32.ReadField(ref block, type) };
                    break;
                default:
                    block.Skip(type);
                    break;
            }
        }

        return head;
    }

    public void ApplyTo(Exception value)
    {
        // The object may not have been constructed: its type may have no constructor that takes nothing.
        Construct(value, Message, Inner);
        ApplyStackTo(value);
    }

    public void ApplyStackTo(Exception value)
    {
        value.HResult = Result;
        if (!string.IsNullOrEmpty(Stack))
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(value, Stack);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(Exception value, string? message, Exception? inner);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception value);
}
