using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace BTTInferGrid.Grains.Clustering;

/// <summary>
/// Mutual TLS between the processes of a cluster: each shows a certificate, and talks to those only whose certificate is of
/// the cluster's authority. Names in certificates are not compared with addresses: to be of the authority is to be trusted,
/// so it must issue certificates for nothing else.
/// </summary>
public sealed class ClusterTls
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authority;

    private ClusterTls(X509Certificate2 certificate, X509Certificate2Collection authority)
    {
        _certificate = certificate;
        _authority = authority;
    }

    /// <summary>Reads the certificates from PEM files.</summary>
    /// <param name="certificateFile">The certificate of this process.</param>
    /// <param name="keyFile">Its private key, without a password.</param>
    /// <param name="authorityFile">The certificate of the authority; several, while one takes the place of another.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">
    /// A file holds something else, the key is not the certificate's, or the certificate is not of the authority or not valid now.
    /// </exception>
    public static ClusterTls Load(string certificateFile, string keyFile, string authorityFile)
    {
        var certificate = Read(certificateFile, keyFile);
        if (OperatingSystem.IsWindows())
        {
            // Its TLS takes only keys that it has stored itself.
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }

        var authority = new X509Certificate2Collection();
        authority.ImportFromPemFile(authorityFile);
        var tls = new ClusterTls(certificate, authority);
        return authority.Count > 0 && tls.IsOfAuthority(certificate, given: null)
            ? tls
            : throw new CryptographicException(
                $"The certificate in {certificateFile} is not of the authority in {authorityFile}, or not valid now.");
    }

    private static X509Certificate2 Read(string certificateFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (ArgumentException mismatch)
        {
            throw new CryptographicException($"The key in {keyFile} is not that of the certificate in {certificateFile}.", mismatch);
        }
    }

    internal void Configure(TlsOptions options)
    {
        options.LocalCertificate = _certificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, chain, errors) =>
            (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0 && IsOfAuthority(certificate, chain);
        options.OnAuthenticateAsClient = static (_, client) => client.TargetHost = GridClusterOptions.ClusterId;
    }

    private bool IsOfAuthority(X509Certificate2 certificate, X509Chain? given)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (given is not null)
        {
            // The certificates between the two, which the other side has sent.
            chain.ChainPolicy.ExtraStore.AddRange(given.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }
}

/// <summary>Turns mutual TLS on.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>For connections with other silos and with clients.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="tls">The certificates.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder UseClusterTls(this ISiloBuilder silo, ClusterTls tls) => silo.UseTls(tls.Configure);

    /// <summary>For connections with silos.</summary>
    /// <param name="client">The client.</param>
    /// <param name="tls">The certificates.</param>
    /// <returns>The same client.</returns>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, ClusterTls tls) => client.UseTls(tls.Configure);
}
