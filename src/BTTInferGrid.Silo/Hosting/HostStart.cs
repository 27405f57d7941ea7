using System.Data.Common;
using System.Net.Sockets;
using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Starts a host, and reports expected failures as a sentence for the person who started it.</summary>
internal static class HostStart
{
    /// <summary>Starts a host; false when it was stopped meanwhile.</summary>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task<bool> StartAsync(IHost host, SiloSettings settings)
    {
        var front = settings.File.Front;
        try
        {
            await host.StartAsync();
            return true;
        }
        catch (OperationCanceledException) when (
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException error)
        {
            throw new StartException("No silo of the cluster has answered in time. Start one on the same database, then start again.", error);
        }
        catch (DbException error)
        {
            throw new StartException(
                settings.File.Cluster is null
                    ? $"{error.Message} Restore the file from a backup, or name another folder with --home."
                    : $"The database of cluster.database cannot be used: {error.Message.TrimEnd('.')}. Is it running, and does the user have rights in it?",
                error);
        }
        catch (Exception error) when (error is AddressInUseException or SocketException
            || error.InnerException is AddressInUseException or SocketException)
        {
            throw new StartException(
                $"Cannot listen on {front.Address} port {front.Port}: {error.Message}"
                + " Stop what uses it, or name another port with --port, or another front.address.",
                error);
        }
        catch (OptionsValidationException error)
        {
            throw new ConfigurationException(error.Message);
        }
        catch (Exception error) when (error is NativePackageNotFoundException or LlamaLibraryException
            or ModelFileException or ChatTemplateException or InvalidParameterException or IOException or InvalidDataException)
        {
            throw new StartException(error.Message, error);
        }
    }
}
