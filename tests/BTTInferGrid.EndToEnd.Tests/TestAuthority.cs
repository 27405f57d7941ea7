using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>
/// A certificate authority, and a certificate for this machine by an authority below it, as PEM files in a folder. Who trusts the
/// authority needs the chain that the certificate's file has.
/// </summary>
internal sealed class TestAuthority
{
    public TestAuthority(string folder)
    {
        var now = DateTimeOffset.UtcNow;
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = AuthorityRequest("CN=test root", rootKey).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuerCertificate = AuthorityRequest("CN=test issuer", issuerKey)
            .Create(root, now.AddHours(-2), now.AddHours(2), RandomNumberGenerator.GetBytes(8));
        using var issuer = issuerCertificate.CopyWithPrivateKey(issuerKey);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            issuer, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));

        AuthorityFile = Path.Combine(folder, "authority.pem");
        CertificateFile = Path.Combine(folder, "certificate.pem");
        KeyFile = Path.Combine(folder, "certificate.key");
        File.WriteAllText(AuthorityFile, root.ExportCertificatePem());
        File.WriteAllLines(CertificateFile, [certificate.ExportCertificatePem(), issuerCertificate.ExportCertificatePem()]);
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>What makes a process trust the authority, and no other.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?> { ["SSL_CERT_FILE"] = AuthorityFile };

    /// <summary>A handler of HTTP that trusts the authority, and no other.</summary>
    public SocketsHttpHandler Handler()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(AuthorityFile);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = policy;
        return handler;
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
