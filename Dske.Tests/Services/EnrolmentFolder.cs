using System.Text;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Services;

/// <summary>A directory with enrolment keys of hubs, each drawn when it is first asked for, and with tokens made with them.</summary>
internal sealed class EnrolmentFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly Dictionary<string, EnrolmentKey> _keys = [];

    public string Path => _directory.FullName;

    /// <summary>The file with a hub's key.</summary>
    public string KeyFileOf(string hub)
    {
        using var text = KeyOf(hub).Format();
        return Write($"{hub}.key", Encoding.ASCII.GetString(text.Span));
    }

    /// <summary>A hub's key as it stands in its file.</summary>
    public string KeyTextOf(string hub)
    {
        using var text = KeyOf(hub).Format();
        return Encoding.ASCII.GetString(text.Span);
    }

    /// <summary>What makes a hub ask for tokens.</summary>
    public (string Key, string Value)[] SettingsOf(string hub) =>
        [("Dske:Hub:OutOfBand:Mode", "token"), ("Dske:Hub:OutOfBand:KeyFile", KeyFileOf(hub))];

    /// <summary>A token as text.</summary>
    public string Issue(string hub, string client, params string[] encryptors) => IssueWithKeyOf(hub, hub, client, encryptors);

    /// <summary>A token of one hub that was made with the key of another.</summary>
    public string IssueWithKeyOf(string keyOwner, string hub, string client, params string[] encryptors)
    {
        var grant = new EnrolmentGrant(NodeName.Parse(hub), NodeName.Parse(client), encryptors.Select(SaeId.Parse));
        Assert.True(KeyOf(keyOwner).TryIssue(grant, out var token));
        using (token)
        {
            return Encoding.ASCII.GetString(token.Span);
        }
    }

    /// <summary>The file with a token.</summary>
    public string WriteToken(string hub, string client, params string[] encryptors) => Write($"{client}@{hub}.token", Issue(hub, client, encryptors));

    /// <summary>Writes a file for its owner alone.</summary>
    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        OwnerOnlyFile.WriteLine(file, Encoding.UTF8.GetBytes(text));
        return file;
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    private EnrolmentKey KeyOf(string hub)
    {
        if (!_keys.TryGetValue(hub, out var key))
        {
            _keys.Add(hub, key = EnrolmentKey.Draw(SystemEntropySource.Instance));
        }

        return key;
    }
}
