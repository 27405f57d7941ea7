using System.Net;
using System.Net.Sockets;

namespace BTTInferGrid.Testing;

/// <summary>Ports that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>So many ports, each another one.</summary>
    public static int[] Take(int count)
    {
        // All are held until all are known, so that no port comes twice.
        var listeners = new List<TcpListener>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                listeners.Add(listener);
            }

            return [.. listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(static listener => listener.Dispose());
        }
    }
}
