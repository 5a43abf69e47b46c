{ lib, ... }:
{
  time.timeZone = lib.mkDefault "Europe/Vienna";
  i18n = {
    defaultLocale = "en_US.UTF-8";
    extraLocaleSettings = lib.genAttrs [ "LC_TIME" "LC_PAPER" "LC_MONETARY" ] (_: "de_AT.UTF-8");
  };
  console.keyMap = "de";
}
