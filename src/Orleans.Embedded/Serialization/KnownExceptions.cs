using System.Security.Cryptography;
using Orleans.Embedded.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Orleans.Embedded.Serialization;

/// <summary>The exceptions of the platform and of the runtime that keep their types when they cross.</summary>
internal static class KnownExceptions
{
    public static IObjectCodec[] All { get; } =
    [
        Codecs.Exception,
        new AggregateExceptionCodec(),
        Of<SystemException>(),
        Of<ApplicationException>(),
        Of<ArgumentException>(),
        Of<ArgumentNullException>(),
        Of<ArgumentOutOfRangeException>(),
        Of<ArithmeticException>(),
        Of<ArrayTypeMismatchException>(),
        Of<DivideByZeroException>(),
        Of<FormatException>(),
        Of<IndexOutOfRangeException>(),
        Of<InvalidCastException>(),
        Of<InvalidOperationException>(),
        Of<KeyNotFoundException>(),
        Of<NotImplementedException>(),
        Of<NotSupportedException>(),
        Of<NullReferenceException>(),
        Of<OperationCanceledException>(),
        Of<OutOfMemoryException>(),
        Of<OverflowException>(),
        Of<RankException>(),
        Of<TaskCanceledException>(),
        Of<TimeoutException>(),
        Of<UnauthorizedAccessException>(),
        Of<InsufficientExecutionStackException>(),
        new PlainExceptionCodec<ObjectDisposedException>(static () => new ObjectDisposedException(null)),
        Of<IOException>(),
        Of<EndOfStreamException>(),
        Of<FileNotFoundException>(),
        Of<DirectoryNotFoundException>(),
        Of<InvalidDataException>(),
        Of<HttpRequestException>(),
        Of<CryptographicException>(),
        Of<OrleansException>(),
        Of<SiloUnavailableException>(),
        Of<SiloFencedException>(),
        Of<EnumerationAbortedException>(),
        new StateConflictCodec(),
        Of<SerializerException>(),
        Of<CodecNotFoundException>(),
        Of<UnavailableExceptionFallbackException>(),
        new PlainExceptionCodec<OrleansMessageRejectionException>(
            static () => new OrleansMessageRejectionException(string.Empty)),
        new PlainExceptionCodec<OrleansConfigurationException>(
            static () => new OrleansConfigurationException(string.Empty)),
        new PlainExceptionCodec<BadProviderConfigException>(static () => new BadProviderConfigException(string.Empty)),
    ];

    private static PlainExceptionCodec<T> Of<T>()
        where T : Exception, new()
    {
        return new PlainExceptionCodec<T>(static () => new T());
    }
}
