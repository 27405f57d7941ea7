using System.Text;
using System.Text.Json.Nodes;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Keystore;

namespace BTTInferGrid.Chain.Tests.Keystore;

public sealed class KeystoreV3Tests
{
    // Of the definition of Web3 Secret Storage and of the common tests, one with each function.
    private const string Pbkdf2Vector =
        """
        {
          "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": { "iv": "6087dab2f9fdbbfaddc31a909735c1e6" },
            "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
            "kdf": "pbkdf2",
            "kdfparams": {
              "c": 262144, "dklen": 32, "prf": "hmac-sha256",
              "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"
            },
            "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"
          },
          "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
          "version": 3
        }
        """;

    private const string ScryptVector =
        """
        {
          "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": { "iv": "83dbcc02d8ccb40e466191a123791e0e" },
            "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
            "kdf": "scrypt",
            "kdfparams": {
              "dklen": 32, "n": 262144, "r": 1, "p": 8,
              "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"
            },
            "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"
          },
          "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
          "version": 3
        }
        """;

    private static readonly ScryptCost Cheap = new(2, 1, 1);

    [Theory]
    [InlineData(Pbkdf2Vector)]
    [InlineData(ScryptVector)]
    public void Decrypt_OfVector_IsItsKey(string json)
    {
        using var expected = new PrivateKey(
            Convert.FromHexString("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"));

        using var key = KeystoreV3.Decrypt(Encoding.UTF8.GetBytes(json), "testpassword");

        Assert.Equal(expected.Address, key.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("correct horse battery staple")]
    [InlineData("pässwörd 漢 😀")]
    public void Decrypt_OfWhatWasEncrypted_IsTheKeyForItsPasswordOnly(string password)
    {
        using var key = PrivateKey.Create();
        var json = KeystoreV3.Encrypt(key, password, Cheap);

        using var opened = KeystoreV3.Decrypt(json, password);

        Assert.Equal(key.Address, opened.Address);
        var error = Assert.Throws<WrongPasswordException>(() => KeystoreV3.Decrypt(json, password + "-other"));
        Assert.DoesNotContain(password + "-other", error.ToString());
    }

    [Fact]
    public void Encrypt_OfOneKeyTwice_HasNothingInCommonButItsAddress()
    {
        using var key = PrivateKey.Create();
        var first = JsonNode.Parse(KeystoreV3.Encrypt(key, "password", Cheap))!;
        var second = JsonNode.Parse(KeystoreV3.Encrypt(key, "password", Cheap))!;

        Assert.Equal(first["address"]!.ToString(), second["address"]!.ToString());
        Assert.NotEqual(first["id"]!.ToString(), second["id"]!.ToString());
        foreach (var part in (Func<JsonNode, JsonNode?>[])
        [
            static crypto => crypto["ciphertext"],
            static crypto => crypto["mac"],
            static crypto => crypto["cipherparams"]!["iv"],
            static crypto => crypto["kdfparams"]!["salt"],
        ])
        {
            Assert.NotEqual(part(first["crypto"]!)!.ToString(), part(second["crypto"]!)!.ToString());
        }
    }

    [Fact]
    public void Decrypt_OfAnyBitOfTheSecretPartsChanged_Throws()
    {
        using var key = PrivateKey.Create();
        var json = KeystoreV3.Encrypt(key, "password", Cheap);
        foreach (var part in (string[])["ciphertext", "mac"])
        {
            for (var i = 0; i < 64; i++)
            {
                var root = JsonNode.Parse(json)!;
                root["crypto"]![part] = Flip(root["crypto"]![part]!.ToString(), i);
                var changed = Encoding.UTF8.GetBytes(root.ToJsonString());
                Assert.Throws<WrongPasswordException>(() => KeystoreV3.Decrypt(changed, "password"));
            }
        }
    }

    [Fact]
    public void Decrypt_OfAnotherInitialVector_ThrowsForTheAddress()
    {
        // It is not under the MAC, so another key comes out; the address gives it away.
        using var key = PrivateKey.Create();
        var root = JsonNode.Parse(KeystoreV3.Encrypt(key, "password", Cheap))!;
        root["crypto"]!["cipherparams"]!["iv"] = Flip(root["crypto"]!["cipherparams"]!["iv"]!.ToString(), 3);

        AssertRefused(root.ToJsonString(), "password");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("1")]
    [InlineData("3")]
    [InlineData("1048576")]
    [InlineData("2147483647")]
    [InlineData("4294967298")]
    [InlineData("2.5")]
    [InlineData("\"2\"")]
    [InlineData("null")]
    public void Decrypt_OfHostileN_ThrowsBeforeTheWork(string n)
    {
        AssertRefused(Changed("n", n, 8));
    }

    [Theory]
    [InlineData("r", "0", 1)]
    [InlineData("r", "1073741824", 1)]
    [InlineData("p", "0", 8)]
    [InlineData("p", "3", 8)]
    [InlineData("p", "1073741823", 1)]
    [InlineData("dklen", "31", 8)]
    [InlineData("dklen", "2147483647", 8)]
    [InlineData("salt", "\"\"", 8)]
    [InlineData("salt", "\"0x00\"", 8)]
    public void Decrypt_OfHostileParameter_ThrowsBeforeTheWork(string parameter, string value, int r)
    {
        AssertRefused(Changed(parameter, value, r));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483647")]
    public void Decrypt_OfHostileRounds_ThrowsBeforeTheWork(string rounds)
    {
        AssertRefused(Pbkdf2Vector.Replace("262144", rounds));
    }

    [Theory]
    [InlineData("\"version\": 3", "\"version\": 1")]
    [InlineData("\"version\": 3", "\"version\": 3, \"version\": 3")]
    [InlineData("\"version\": 3", "\"version\": 3, \"address\": \"7e5f4552091a69125d5dfcb7b8c2659029395bdf\"")]
    [InlineData("\"version\": 3", "\"version\": 3, \"address\": \"7e\"")]
    [InlineData("aes-128-ctr", "aes-256-ctr")]
    [InlineData("pbkdf2", "md5")]
    [InlineData("hmac-sha256", "hmac-sha1")]
    [InlineData("\"mac\"", "\"mack\"")]
    [InlineData("6087dab2f9fdbbfaddc31a909735c1e6", "6087dab2f9fdbbfaddc31a909735c1")]
    [InlineData("5318b4d5bcd28de64ee5559e671353e1", "5318b4d5bcd28de64ee5559e671353")]
    [InlineData("517ead924a9d0dc3124507e3393d175c", "517ead924a9d0dc3124507e3393d17zz")]
    [InlineData("\"crypto\": {", "\"crypto\": 3, \"other\": {")]
    [InlineData("{", "[")]
    [InlineData("pbkdf2", "\\ud83d")]
    public void Decrypt_OfOtherForm_Throws(string part, string replacement)
    {
        var json = Pbkdf2Vector.Replace(part, replacement);

        Assert.NotEqual(Pbkdf2Vector, json);
        AssertRefused(json);
    }

    [Fact]
    public void Decrypt_OfMoreThanTheBound_Throws()
    {
        AssertRefused(Pbkdf2Vector + new string(' ', KeystoreV3.MaxBytes));
    }

    [Fact]
    public void Encrypt_AtACostOutOfRange_Throws()
    {
        using var key = PrivateKey.Create();

        Assert.Throws<KeystoreException>(() => KeystoreV3.Encrypt(key, "password", new ScryptCost(1 << 20, 8, 1)));
    }

    private static string Changed(string parameter, string value, int r)
    {
        var root = JsonNode.Parse(ScryptVector)!;
        root["crypto"]!["kdfparams"]!["r"] = r;
        root["crypto"]!["kdfparams"]!["p"] = 1;
        root["crypto"]!["kdfparams"]![parameter] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    private static string Flip(string digits, int index)
    {
        return $"{digits[..index]}{(digits[index] == '0' ? '1' : '0')}{digits[(index + 1)..]}";
    }

    private static void AssertRefused(string json, string password = "testpassword")
    {
        Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(Encoding.UTF8.GetBytes(json), password));
    }
}
