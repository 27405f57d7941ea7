using System.Numerics;
using BTTInferGrid.Chain.Contracts;

namespace BTTInferGrid.Chain.Tests.Contracts;

/// <summary>What people are told when a contract refuses a call.</summary>
public sealed class RefusalTextTests
{
    /// <summary>What no caller can do anything about, or only one that is no program of ours.</summary>
    private static readonly string[] Plain =
    [
        "AddressEmptyCodeError", "CheckpointUnorderedInsertionError", "ERC20InvalidApproverError", "ERC20InvalidSenderError",
        "ERC20InvalidSpenderError", "FailedCallError", "InvalidShortStringError", "NotHeldError", "NotPastError", "OnlyCourtError",
        "ReentrancyGuardReentrantCallError", "SafeCastOverflowedUintDowncastError", "SafeERC20FailedOperationError",
        "StringTooLongError",
    ];

    public static TheoryData<Type> Errors => [.. typeof(ContractError).Assembly.GetTypes().Where(static type =>
        type.BaseType == typeof(ContractError)
        && type != typeof(UnknownError) && type != typeof(RevertMessage) && type != typeof(RevertPanic))];

    [Theory]
    [MemberData(nameof(Errors))]
    public void Message_OfEachErrorOfTheContracts_SaysWhatIsWrong(Type type)
    {
        var message = new ContractRevertException(Create(type, static one => one == typeof(string) ? "" : Activator.CreateInstance(one)!)).Message;

        Assert.Equal(Plain.Contains(type.Name), message.StartsWith("The contract refused the call: ", StringComparison.Ordinal));
        Assert.True(message.EndsWith('.') || message.EndsWith('}') || message.EndsWith('?'), message);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Message_OfTheGreatestValues_IsTold(Type type)
    {
        var error = Create(type, static one =>
            one == typeof(BigInteger) ? (BigInteger.One << 256) - 1
            : one == typeof(ulong) ? ulong.MaxValue
            : one == typeof(string) ? "" : Activator.CreateInstance(one)!);

        Assert.NotEmpty(new ContractRevertException(error).Message);
    }

    [Fact]
    public void Message_OfARefusalWithoutAReason_AsksForTheAddresses() =>
        Assert.Contains("addresses right", new ContractRevertException(new UnknownError("")).Message, StringComparison.Ordinal);

    private static ContractError Create(Type type, Func<Type, object> value)
    {
        var constructor = type.GetConstructors().OrderByDescending(static one => one.GetParameters().Length).First();
        return (ContractError)constructor.Invoke([.. constructor.GetParameters().Select(one => value(one.ParameterType))]);
    }
}
