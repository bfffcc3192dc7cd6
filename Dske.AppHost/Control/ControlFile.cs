using System.Text.Json;

namespace Dske.AppHost.Control;

/// <summary>
/// <c>control.json</c> in the data directory tells other processes of the same user where the resources are controlled, the token, and which process
/// the AppHost is.
/// </summary>
internal static class ControlFile
{
    public const string Name = "control.json";

    /// <summary>Writes the file so that nobody else can ever read it and nobody reads half of it.</summary>
    public static void Write(string directory, Uri address, ControlToken token)
    {
        var file = Path.Combine(directory, Name);
        var draft = file + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("address", address.GetLeftPart(UriPartial.Authority));
            json.WriteString("token", token.Digits);
            json.WriteNumber("process_id", Environment.ProcessId);
            json.WriteEndObject();
        }

        File.Move(draft, file, overwrite: true);
    }

    public static void Delete(string directory) => File.Delete(Path.Combine(directory, Name));
}
