; The setup for Windows: for the user who runs it, without an administrator.
;
;   makensis -DVERSION=… -DSTAGE=… -DOUT=… tokenpass.nsi
;
; Silent: tokenpass-VERSION-setup.exe /S    and    uninstall.exe /S
; Without the service: /NOSERVICE; without the icon at each login: /NOTRAY
Target amd64-unicode
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!include LogicLib.nsh
!include FileFunc.nsh
!include WinMessages.nsh

Name "TokenPass"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\TokenPass"
ShowInstDetails nevershow

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\TokenPass"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define RUN_TRAY "TokenPassTray"
; Longer ones are cut where they are read, and would be written back cut.
!define LONGEST_PATH 900

; A program that runs cannot be replaced, but it can be renamed.
!macro Aside PROGRAM
    Delete "$INSTDIR\${PROGRAM}.old.exe"
    Rename "$INSTDIR\${PROGRAM}.exe" "$INSTDIR\${PROGRAM}.old.exe"
!macroend

; It holds nothing that would be lost. Whoever has none running is told nothing.
!macro StopTray
    nsExec::Exec 'taskkill /F /IM tokenpass-tray.exe'
    Pop $0
!macroend

Page components
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Section "TokenPass"
    SectionIn RO
    !insertmacro StopTray
    !insertmacro Aside tokenpass
    !insertmacro Aside tokenpass-tray
    SetOutPath "$INSTDIR"
    File "${STAGE}/tokenpass.exe"
    File "${STAGE}/tokenpass-tray.exe"
    File "/oname=LICENSE.txt" "${STAGE}/LICENSE"
    Delete "$INSTDIR\tokenpass.old.exe"
    Delete "$INSTDIR\tokenpass-tray.old.exe"
    CreateShortcut "$SMPROGRAMS\TokenPass.lnk" "$INSTDIR\tokenpass-tray.exe"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    ; winget knows what is installed by these three.
    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "TokenPass"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "TokenPass"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
    Call AddToPath
SectionEnd

Section "Start with Windows" SERVICE
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/NOSERVICE" $1
    ${If} ${Errors}
        nsExec::Exec '"$INSTDIR\tokenpass.exe" service install'
        Pop $0
    ${EndIf}
SectionEnd

Section "Icon in the taskbar" TRAY
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} $0 "/NOTRAY" $1
    ${If} ${Errors}
        WriteRegStr HKCU "${RUN}" "${RUN_TRAY}" '"$INSTDIR\tokenpass-tray.exe"'
        Exec '"$INSTDIR\tokenpass-tray.exe"'
    ${EndIf}
SectionEnd

Section "Uninstall"
    nsExec::Exec '"$INSTDIR\tokenpass.exe" service uninstall'
    Pop $0
    !insertmacro StopTray
    DeleteRegValue HKCU "${RUN}" "${RUN_TRAY}"
    Delete "$SMPROGRAMS\TokenPass.lnk"
    Call un.RemoveFromPath
    DeleteRegKey HKCU "${UNINSTALL}"
    Delete "$INSTDIR\tokenpass.exe"
    Delete "$INSTDIR\tokenpass-tray.exe"
    Delete "$INSTDIR\tokenpass-tray.old.exe"
    Delete "$INSTDIR\tokenpass.old.exe"
    Delete "$INSTDIR\LICENSE.txt"
    Delete "$INSTDIR\uninstall.exe"
    ; Only if nobody put anything there. The wallet is elsewhere, and stays.
    RMDir "$INSTDIR"
SectionEnd

!macro Told
    SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
!macroend

Function AddToPath
    ReadRegStr $0 HKCU "Environment" "Path"
    StrLen $1 $0
    ${If} $1 > ${LONGEST_PATH}
        DetailPrint "PATH is long: add $INSTDIR to it yourself"
        Return
    ${EndIf}
    Push $0
    Push "$INSTDIR"
    Call Contains
    Pop $1
    ${If} $1 == ""
        ${If} $0 == ""
            WriteRegExpandStr HKCU "Environment" "Path" "$INSTDIR"
        ${Else}
            WriteRegExpandStr HKCU "Environment" "Path" "$0;$INSTDIR"
        ${EndIf}
        !insertmacro Told
    ${EndIf}
FunctionEnd

Function un.RemoveFromPath
    ReadRegStr $0 HKCU "Environment" "Path"
    StrLen $1 $0
    ${If} $1 > ${LONGEST_PATH}
        Return
    ${EndIf}
    StrLen $2 ";$INSTDIR"
    ${If} $0 == "$INSTDIR"
        DeleteRegValue HKCU "Environment" "Path"
    ${Else}
        ; It is added at the end; where somebody moved it, it is left.
        IntOp $3 $1 - $2
        ${If} $3 > 0
            StrCpy $4 $0 "" $3
            ${If} $4 == ";$INSTDIR"
                StrCpy $0 $0 $3
                WriteRegExpandStr HKCU "Environment" "Path" "$0"
                !insertmacro Told
            ${EndIf}
        ${EndIf}
    ${EndIf}
FunctionEnd

; Whether a list has this folder: pushes "yes" or "".
Function Contains
    Exch $1 ; the folder
    Exch
    Exch $0 ; the list
    Push $2
    Push $3
    Push $4
    StrLen $2 "$1"
    StrCpy $3 0
    ${Do}
        StrCpy $4 $0 $2 $3
        ${If} $4 == ""
            StrCpy $1 ""
            ${ExitDo}
        ${EndIf}
        ${If} $4 == $1
            StrCpy $1 "yes"
            ${ExitDo}
        ${EndIf}
        IntOp $3 $3 + 1
    ${Loop}
    Pop $4
    Pop $3
    Pop $2
    Pop $0
    Exch $1
FunctionEnd
