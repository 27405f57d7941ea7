using System.Data.Common;

namespace Orleans.Embedded.AdoNet;

/// <summary>Parameters of commands.</summary>
internal static class DbCommandExtensions
{
    public static DbCommand Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return command;
    }
}
