{ buildGoModule, lib }:
buildGoModule {
  pname = "guestbook";
  version = "0.3.1";
  src = lib.cleanSource ./.;
  vendorHash = null;
  meta.mainProgram = "guestbook";
}
