@echo off
rem The development commands of Vaxpost on Windows. Untried: written from the manual, never run on Windows.
rem Needs Python 3.11 from python.org and the Git checkout; fonts and Qt come with the packages.
rem
rem   dev run     open the practice site
rem   dev test    run the tests that need neither Xvfb nor CUPS
setlocal
cd /d "%~dp0"
set PYTHONPATH=.
if not exist .venv\Scripts\python.exe (
  py -3.11 -m venv .venv || exit /b 1
  .venv\Scripts\python -m pip install -q --disable-pip-version-check -r requirements\python.lock || exit /b 1
)
if "%1"=="run" (
  .venv\Scripts\python -m app --practice --data practice\site
  exit /b
)
if "%1"=="test" (
  .venv\Scripts\python -m pytest -m "not long"
  exit /b
)
echo dev run ^| dev test
exit /b 2
