using System.Numerics;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Commands;

namespace BTTInferGrid.Silo.Chains;

/// <summary>Amounts and addresses of a command line.</summary>
internal static class ChainArguments
{
    /// <summary>An amount of BTT that is more than nothing, in wei.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static BigInteger Amount(string text)
    {
        try
        {
            var wei = Wei.ParseBtt(text);
            return wei.Sign > 0 ? wei : throw new FormatException("It must be more than 0.");
        }
        catch (FormatException error)
        {
            throw new CommandException(ExitCode.WrongUsage, "wrong_amount", $"The amount '{text}' is wrong. {error.Message}", error);
        }
    }

    /// <summary>Somebody's address.</summary>
    /// <exception cref="CommandException">It is none, has a wrong checksum, or is nobody's.</exception>
    public static Address Address(string text)
    {
        try
        {
            var address = Chain.Primitives.Address.Parse(text);
            return address != default
                ? address
                : throw new FormatException("The zero address is nobody's: what is sent there is lost.");
        }
        catch (FormatException error)
        {
            throw new CommandException(ExitCode.WrongUsage, "wrong_address", $"The address '{text}' is wrong. {error.Message}", error);
        }
    }
}
