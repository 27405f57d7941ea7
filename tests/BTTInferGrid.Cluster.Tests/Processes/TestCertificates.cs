using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BTTInferGrid.Grains.Clustering;

namespace BTTInferGrid.Cluster.Tests.Processes;

/// <summary>An authority, and certificates that it issues, as PEM files in a folder.</summary>
internal static class TestCertificates
{
    /// <summary>Makes an authority and one certificate of it.</summary>
    /// <param name="folder">Where the files are put.</param>
    /// <param name="name">Name of the authority.</param>
    /// <param name="expired">Make a certificate that was valid yesterday.</param>
    public static void Create(string folder, string name, bool expired = false)
    {
        Directory.CreateDirectory(folder);
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={name}", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(now.AddDays(-10), now.AddDays(10));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=silo", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            authority, now.AddDays(-2), expired ? now.AddDays(-1) : now.AddDays(2), RandomNumberGenerator.GetBytes(8));

        File.WriteAllText(Path.Combine(folder, "own.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "own.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
    }

    public static ClusterTls Load(string folder) => ClusterTls.Load(
        Path.Combine(folder, "own.pem"), Path.Combine(folder, "own.key"), Path.Combine(folder, "ca.pem"));
}
